"""Two versions of a prompt side by side: their words, their runs, and what each brings from the same ten rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from generation.actions.endpoints import create_endpoint
from generation.actions.prices import set_price
from generation.actions.prompts import save_version, versions_in_use
from generation.actions.seeds import save_seed
from generation.formats.seed_tasks import SeedRow
from generation.models import Run, Sample
from tests.cast import NOW, make_cast, make_samples
from tests.runs import start_offline

pytestmark = pytest.mark.django_db

SLOT = "self_instruct.classify"
URL = f"/p/poems/prompts/{SLOT}/en/versions"
CHINESE = "[user]\n这是分类任务吗？{{ instruction }}\n请回答是或否。"
TEXT = "[user]\nIs this a classification task? {{ instruction }}\nSay yes or no."


@pytest.fixture
def cast():
    cast = make_cast()
    for number in range(12):
        row = SeedRow(instruction=f"Write a line about the number {number}.", language="en")
        save_seed(cast.project, row=row, now=NOW)
    return cast


@pytest.fixture
def as_bob(client, cast):
    client.force_login(cast.bob)
    return client


def paid_run(cast, *, cost: int) -> Run:
    run = start_offline(cast.project)
    Run.objects.filter(pk=run.pk).update(
        offline=False, spent_micro=cost, input_price=1, output_price=1, currency="CNY", state="completed"
    )
    run.refresh_from_db()
    return run


def test_the_shipped_text_stands_alone_until_there_is_a_second_one(as_bob):
    page = as_bob.get(URL)
    assert [line.key for line in page.context["desk"].lines] == [0]
    assert "There is one text so far" in page.text


def test_each_version_shows_its_runs_and_what_an_approved_sample_cost(cast, as_bob):
    before = paid_run(cast, cost=500_000)
    make_samples(cast.project, 4, state=Sample.State.APPROVED, run=before)
    save_version(cast.project, slot=SLOT, language="en", text=TEXT, by=cast.bob, now=NOW)
    after = paid_run(cast, cost=900_000)
    make_samples(cast.project, [("One", "1")], state=Sample.State.APPROVED, run=after)
    make_samples(cast.project, [("Two", "2")], state=Sample.State.REJECTED, run=after)
    lines = as_bob.get(URL).context["desk"].lines
    assert [(line.version.number, line.runs, line.approved, line.in_use) for line in lines] == [
        (2, 1, 1, True), (1, 1, 4, False),
    ]  # fmt: skip
    assert [line.sums[0].per_approved_micro for line in lines] == [900_000, 125_000]
    assert before.template_versions[SLOT] == 0, "a run keeps what it was started with"


def test_words_are_compared_in_english_and_in_chinese(cast, as_bob):
    for language, text, other in [
        ("en", TEXT, TEXT.replace("Say yes", "Answer yes")),
        ("zh", CHINESE, CHINESE.replace("请回答", "请只答")),
    ]:
        save_version(cast.project, slot=SLOT, language=language, text=text, by=cast.bob, now=NOW)
        save_version(cast.project, slot=SLOT, language=language, text=other, by=cast.bob, now=NOW)
    english = as_bob.get(URL).text
    assert '<del class="removed">Say</del><ins class="added">Answer</ins>' in english
    chinese = as_bob.get(URL.replace("/en/", "/zh/")).text
    assert '<del class="removed">' in chinese
    assert "这是分类任务吗？" in chinese
    assert "style=" not in english.partition("<main")[2]


def test_both_are_tried_on_the_same_ten_rows_by_rules_for_nothing(cast, as_bob):
    save_version(cast.project, slot=SLOT, language="en", text=TEXT, by=cast.bob, now=NOW)
    page = as_bob.get(URL)
    (old, left), (new, right) = page.context["sides"]
    assert (old.version.number, new.version.number, page.context["rows"]) == (1, 2, 10)
    assert [each.draft.seed_ids for each in left.proposed] == [each.draft.seed_ids for each in right.proposed]
    assert "Is this a classification task?" in right.filled[0].messages[-1].content
    assert "Is this a classification task?" not in left.filled[0].messages[-1].content
    assert not Run.objects.exists()


def test_a_paid_trial_says_its_cost_first_and_is_paid_for_once(cast, as_bob):
    version = save_version(cast.project, slot=SLOT, language="en", text=TEXT, by=cast.bob, now=NOW)
    endpoint = create_endpoint(
        cast.project, kind="openai_compatible", by=cast.alice, now=NOW, name="Mine", base_url="https://example.org/v1"
    )
    old = version.template.versions.get(number=1).pk
    query = {"old": old, "new": version.pk, "endpoint": endpoint.pk, "model": "m"}
    page = as_bob.get(URL, query)
    assert "The price of this model is not known" in page.text
    as_bob.post(URL, query | {"do": "try"})
    assert not Run.objects.exists()
    prices = {"input_price": Decimal(2), "output_price": Decimal(8), "source": "test", "on": NOW.date()}
    set_price(endpoint, model="m", currency="CNY", **prices)
    page = as_bob.get(URL, query)
    most = page.context["most"]
    assert most > 0
    assert "Ask the model for both, up to ¥" in page.text
    as_bob.post(URL, query | {"do": "try"})
    as_bob.post(URL, query | {"do": "try"})
    runs = Run.objects.order_by("id")
    assert [(run.preview, run.template_versions[SLOT], len(run.seed_ids)) for run in runs] == [
        (True, query["old"], 10), (True, version.pk, 10),
    ]  # fmt: skip
    assert sum(run.budget_micro for run in runs) == most
    assert as_bob.get(URL, query).context["paid"]


def test_the_winner_is_put_in_use_as_a_new_version(cast, as_bob, client):
    version = save_version(cast.project, slot=SLOT, language="en", text=TEXT, by=cast.bob, now=NOW)
    first = version.template.versions.get(number=1)
    as_bob.post(URL, {"do": "use", "version": first.pk})
    used = versions_in_use(cast.project, language="en")[SLOT]
    assert (used.number, used.text) == (3, first.text)
    client.force_login(cast.dave)
    assert client.get(URL).status_code == 200
    assert client.post(URL, {"do": "use", "version": first.pk}).status_code == 403
