"""The pages of datasets: from what is trained to a frozen version, its rows, and what differs from the next."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.models import Job, Sample
from review.actions.freezing import freeze_version
from review.models import DatasetVersion
from tests.cast import edit, make_cast, make_samples
from tests.pairs import make_feedback, make_pair

pytestmark = pytest.mark.django_db

HOSTILE = '<img src=x onerror=alert(1)>"; \u202e <div hx-get="/x" hx-trigger="load">'


@pytest.fixture
def cast():
    return make_cast()


def url(name, *rest):
    return reverse(name, args=["poems", *rest])


def work(version):
    work_on(version.job_id, owner="w", clock=timezone.now, work=lambda job: freeze_version(job, clock=timezone.now))
    version.refresh_from_db()
    return version


def ask(client, **fields):
    """Freezes by the form, and does the work."""
    answer = client.post(url("dataset_new"), {"asked": "1", "use": "sft", "name": "poems", **fields})
    assert answer.status_code == 302, answer.content.decode()
    return work(DatasetVersion.objects.latest("pk"))


def words(answer):
    return " ".join(answer.content.decode().split())


def test_an_empty_list_says_what_a_dataset_is(cast, client):
    client.force_login(cast.bob)
    assert "No dataset yet" in words(client.get(url("datasets")))
    client.force_login(cast.dave)
    assert url("dataset_new") not in words(client.get(url("datasets")))


@pytest.mark.parametrize(
    ("use", "kind", "target"),
    [
        ("sft", "sft", "alpaca"),
        ("multi_turn", "sft", "sharegpt"),
        ("preference", "preference", "preference"),
        ("kto", "feedback", "kto"),
    ],
)
def test_003_01_what_is_trained_decides_the_rows_and_the_target_format(cast, client, use, kind, target):
    make_samples(cast.project, [("One", "1")], state=Sample.State.APPROVED)
    make_pair(cast.project, "Why?", "Because.", "No idea.")
    make_feedback(cast.project, [("Hello", "Hi!", True)])
    client.force_login(cast.bob)
    assert f'name="use" value="{use}" aria-current="true"' in words(client.get(url("dataset_new"), {"use": use}))
    version = ask(client, use=use, name=f"for {use}")
    assert (version.dataset.kind, version.rows) == (kind, 1)
    page = client.get(url("version", version.dataset_id, 1))
    assert page.context["use"].format == target
    assert f"{url('export_new')}?version={version.pk}" in page.content.decode()


def test_the_form_shows_exact_counts_before_anything_is_frozen(cast, client):
    make_samples(cast.project, 20, state=Sample.State.APPROVED)
    make_samples(cast.project, [("Write a haiku about the number 0.", "Morning light, number 0,\ncounts the drops along the fence.")], state="approved")  # fmt: skip # noqa: E501
    make_samples(cast.project, [("An exam", "x")], state="approved", meta={"evaluation": True})
    client.force_login(cast.bob)
    page = client.get(url("dataset_new"))
    outlook = page.context["outlook"]
    assert (outlook.rows, outlook.exact, dict(outlook.splits)) == (20, True, {"train": 16, "validation": 2, "test": 2})
    assert "1 duplicate left out" in words(page)
    assert "1 kept for evaluation" in words(page)
    assert "Freeze 20 rows" in words(page)
    assert DatasetVersion.objects.count() == 0


def test_001_14_collected_rows_are_added_as_a_source_of_their_own(cast, client):
    make_samples(cast.project, 80, state=Sample.State.APPROVED, task_type="own")
    make_samples(cast.project, [(f"General {n}", str(n)) for n in range(50)], state="approved", task_type="general")
    client.force_login(cast.bob)
    version = ask(
        client, sources="2", s1_name="ours", s1_task_type="own", s2_name="open data", s2_task_type="general",
        s2_general="1", general_share="20", split="all",
    )  # fmt: skip
    told = [(each["name"], each["n_available"], each["n_sampled"]) for each in version.figures["sources"]]
    assert told == [("ours", 80, 80), ("open data", 50, 20)]
    assert {name: version.pins.filter(source=name).count() for name in ("ours", "open data")} == {
        "ours": 80, "open data": 20,
    }  # fmt: skip
    page = client.get(url("version_rows", version.dataset_id, 1), {"source": "open data"})
    assert len(page.context["page"].rows) == 20


def test_a_preset_is_split_and_explained_once(cast, client):
    make_samples(cast.project, 100, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    version = ask(client, split="969:30:1", apart_prompt="1")
    assert version.splits == {"train": 97, "validation": 3, "test": 0}
    page = words(client.get(url("version", version.dataset_id, 1)))
    assert "A split got no row" in page
    new = words(client.get(url("dataset_new"), {"from": version.pk}))
    assert new.count("Megatron-LM") == 1
    assert 'value="969:30:1" checked' in new


def test_one_more_source_is_one_click_without_scripts(cast, client):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    page = client.get(url("dataset_new"), {"asked": "1", "sources": "1", "more": "1"})
    assert len(page.context["sources"]) == 2
    assert "FLAN" in words(page)


def test_004_20_the_mixer_says_for_what_its_findings_hold(cast, client):
    client.force_login(cast.bob)
    page = words(client.get(url("dataset_new"), {"asked": "1", "sources": "2"}))
    assert "general-domain data" in page
    assert "zero-shot and few-shot evaluation" in page


def test_000_33_versions_tell_row_by_row_what_differs(cast, client):
    samples = make_samples(cast.project, 6, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    first = ask(client, split="all")
    edit(samples[0], "Entirely new words.")
    Sample.objects.filter(pk=samples[1].pk).update(state=Sample.State.REJECTED)
    make_samples(cast.project, [("A seventh", "row")], state=Sample.State.APPROVED)
    second = ask(client, split="all")
    assert (second.number, second.parent) == (2, first)
    assert second.figures["changes"] == {"added": 1, "removed": 1, "changed": 1, "moved": 0}
    where = url("versions_compare", first.dataset_id)
    assert "A seventh" in words(client.get(where, {"show": "added"}))
    assert samples[1].instruction[:20] in words(client.get(where, {"show": "removed"}))
    changed = words(client.get(where, {"show": "changed", "from": "1", "to": "2"}))

    assert '<ins class="added">Entirely</ins>' in changed
    assert '<del class="removed">Morning</del>' in changed
    assert first.pins.count() == 6


def test_003_31_appended_rows_make_a_new_version_by_the_same_recipe(cast, client):
    make_samples(cast.project, 10, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    first = ask(client, size="8", seed="7")
    make_samples(cast.project, [("Another", "one")], state=Sample.State.APPROVED)
    begun = client.get(url("dataset_new"), {"from": first.pk})
    choice = begun.context["choice"]
    assert (choice.name, choice.recipe.seed, choice.recipe.size) == ("poems", 7, 8)
    second = ask(client, **dict(choice.pairs()) | {"size": ""})
    assert (second.number, second.rows, second.dataset) == (2, 11, first.dataset)
    assert DatasetVersion.objects.get(pk=first.pk).rows == 8


def test_a_frozen_version_keeps_its_rows_but_its_note_may_change(cast, client):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    version = ask(client, note="first try")
    there = url("version", version.dataset_id, 1)
    client.post(there, {"do": "note", "note": "the one of March"})
    fresh = DatasetVersion.objects.get(pk=version.pk)
    assert (fresh.note, fresh.content_hash) == ("the one of March", version.content_hash)
    client.force_login(cast.carol)
    assert client.post(there, {"do": "note", "note": "mine"}).status_code == 403


def test_a_freeze_shows_its_progress_and_can_be_cancelled(cast, client):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    client.post(url("dataset_new"), {"asked": "1", "name": "poems"})
    version = DatasetVersion.objects.get()
    there = url("version", version.dataset_id, 1)
    assert "every 1s" in words(client.get(there))
    assert client.get(url("version_rows", version.dataset_id, 1)).status_code == 404
    client.post(there, {"do": "cancel"})
    version.job.refresh_from_db()
    assert version.job.state == Job.State.CANCELLED
    assert "given up" in words(client.get(there))
    assert ask(client).number == 2


def test_nothing_selected_and_names_of_another_kind_are_refused_in_words(cast, client):
    client.force_login(cast.bob)
    answer = client.post(url("dataset_new"), {"asked": "1", "name": "poems"})
    assert answer.status_code == 422
    assert "no row meets this selection" in words(answer)
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    make_pair(cast.project, "Why?", "Because.", "No idea.")
    ask(client)
    answer = client.post(url("dataset_new"), {"asked": "1", "use": "preference", "name": "poems"})
    assert answer.status_code == 422
    assert "rows of another kind" in words(answer)


def test_hostile_text_is_shown_as_text_everywhere(cast, client):
    [sample] = make_samples(cast.project, [(HOSTILE, HOSTILE)], state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    first = ask(client, name=HOSTILE[:80], s1_name=HOSTILE[:60], note=HOSTILE)
    edit(sample, HOSTILE + "!")
    ask(client, name=HOSTILE[:80])
    for page in (
        url("datasets"), url("version", first.dataset_id, 1), url("version_rows", first.dataset_id, 1),
        url("versions_compare", first.dataset_id), f"{url('dataset_new')}?from={first.pk}",
    ):  # fmt: skip
        text = client.get(page).content.decode()
        assert "<img src=x" not in text
        assert '<div hx-get="/x"' not in text


@pytest.mark.parametrize(
    "query",
    [
        {"sources": "\u0662"}, {"sources": "99999999999"}, {"size": "0"}, {"temperature": "nan"}, {"ratio": "inf"},
        {"general_share": "1e400", "sources": "2"}, {"split": "own", "train": "0"}, {"s1_least": "x"},
        {"s1_run": "9" * 30}, {"s1_tag": "a\0b"}, {"seed": "9" * 18}, {"use": "nothing"}, {"from": "0" * 5},
        {"s1_since": "2026-99-99"}, {"s1_weight": "-1", "sources": "2"}, {"s1_weight": "0"}, {"balance": "label"},
    ],
)  # fmt: skip
def test_odd_recipes_are_answered_calmly(cast, client, query):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    assert client.get(url("dataset_new"), {"asked": "1", **query}).status_code in (200, 404)


def test_rows_are_paged_by_position(cast, client):
    make_samples(cast.project, 120, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    version = ask(client)
    there = url("version_rows", version.dataset_id, 1)
    seen, after = [], ""
    while after is not None:
        page = client.get(there, {"after": after, "split": "train"}).context["page"]
        seen += [line.pinned.position for line in page.rows]
        after = page.after
    assert len(seen) == 96
    assert seen == sorted(set(seen))


def test_every_input_of_the_recipe_belongs_to_its_form(cast, client):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    text = client.get(url("dataset_new"), {"asked": "1", "sources": "2"}).content.decode()
    body = text[text.index('id="recipe_inputs"') : text.index('id="dataset_outlook"')]
    inputs = re.findall(r"<(?:input|select) [^>]*>", body)
    assert len(inputs) > 30
    assert [each for each in inputs if 'form="recipe"' not in each] == []


def test_rows_that_stay_out_because_rules_made_them_are_named_with_the_way_to_ask_for_them(cast, client):
    for number in range(3):
        make_pair(cast.project, f"Why {number}?", "Because it is so.", "No.", state="exportable", source="rules")
    Sample.objects.update(origin=Sample.Origin.RULES)
    client.force_login(cast.bob)
    page = words(client.get(url("dataset_new"), {"use": "preference"}))
    assert "3 rows were made without a language model and stay out until you ask for them." in page
    assert 'name="s1_without_model" value="1"' in page
    asked = {"asked": "1", "use": "preference", "sources": "1", "s1_without_model": "1"}
    page = words(client.get(url("dataset_new"), asked))
    assert "Freeze 3 rows" in page
    assert "stay out until you ask" not in page
