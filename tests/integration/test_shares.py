"""What a run of FLAN templates shares out stands on its page and in the API, and its caution where it is started."""

from __future__ import annotations

import pytest
from django.utils import timezone

from generation.actions.runs import start_run
from generation.actions.seeds import save_seed
from generation.figures import figures
from generation.formats.seed_tasks import SeedRow
from generation.models import Run, Sample
from generation.types import Instance
from tests.cast import NOW, make_cast
from tests.runs import work_through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    cast = make_cast()
    for number in range(22):
        row = SeedRow(
            instruction=f"What is the name of hill {number}?", instances=(Instance("", f"Hill number {number}"),),
            language="en",
        )  # fmt: skip
        save_seed(cast.project, row=row, now=NOW)
    return cast


@pytest.fixture
def run(cast) -> Run:
    return work_through(
        start_run(cast.project, recipe="flan_templates", params={}, endpoint=None, by=cast.bob, now=NOW)
    )


def test_004_19_the_real_shares_are_reported_on_the_page_and_in_the_api(cast, client, run):
    assert run.state == Run.State.COMPLETED
    shares = {each.aspect: each.values for each in figures(run, now=timezone.now()).shares}
    assert sorted(count for _, count, _ in shares["type"]) == [5, 5, 6, 6]
    assert sum(count for _, count, _ in shares["gold_position"]) in (10, 11, 12)
    client.force_login(cast.bob)
    page = client.get(f"/p/poems/runs/{run.pk}").text
    assert "Real shares" in page
    assert "few-shot with options" in page
    assert "27.3" in page
    told = client.get(f"/api/v1/projects/poems/runs/{run.pk}").json()["figures"]["shares"]
    by_type = next(each for each in told if each["aspect"] == "type")
    assert [value for value, _, _ in by_type["values"]] == [
        "few_shot", "few_shot_options", "zero_shot", "zero_shot_options"
    ]  # fmt: skip
    assert all(percent in (22.73, 27.27) for _, _, percent in by_type["values"])
    tags = [sample.tags[-1] for sample in Sample.objects.filter(run=run)]
    assert {tags.count(each) for each in set(tags)} == {5, 6}


@pytest.mark.parametrize(("language", "words"), [("en", "general-domain data"), ("zh-hans", "通用领域")])
def test_004_20_the_caution_stands_where_a_run_is_started(cast, client, language, words):
    client.force_login(cast.bob)
    client.cookies["django_language"] = language
    page = client.get("/p/poems/runs/new/flan_templates").text
    assert 'id="caution"' in page
    assert words in page
    assert 'href="/help/methods"' in page
    assert 'id="caution"' not in client.get("/p/poems/runs/new/few_shot").text
