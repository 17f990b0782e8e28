"""Selections: the best rows in an order, tiers as views of it, and a tier that leaves as a dataset."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.models import Sample
from review.actions.exports import build_export, start_export
from review.actions.freezing import freeze_version
from review.actions.selection_work import fill_selection
from review.mixes.recipe import Recipe, tiers_told
from review.models import DatasetVersion, RankedRow, RowSelection
from tests.cast import edit, make_cast, make_samples

pytestmark = pytest.mark.django_db
TOPICS = ["bees", "rivers", "clocks", "bread", "glass", "moths", "ferns", "trams", "ink", "salt"]


@pytest.fixture
def cast(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    return make_cast()


def url(name, *rest):
    return reverse(name, args=["poems", *rest])


def scored(project, texts, scores):
    """Approved rows with scores of (quality, complexity), None for none."""
    rows = make_samples(project, texts, state=Sample.State.APPROVED)
    for row, (quality, complexity) in zip(rows, scores, strict=True):
        told = {"quality": quality, "complexity": complexity}
        row.scores = {name: {"value": value} for name, value in told.items() if value is not None}
    Sample.objects.bulk_update(rows, ["scores"])
    return rows


def ten(project):
    """Ten rows of which the last is the best, and so on down."""
    texts = [(f"Tell me about {topic}.", f"{topic.title()} are worth a book.") for topic in TOPICS]
    return scored(project, texts, [(1 + number / 2, 2) for number in range(10)])


def ask(client, monkeypatch, **fields):
    monkeypatch.setattr("review.selection_forms.aspects", lambda project: ["complexity", "quality"])
    values = {
        "name": "best", "quality": "quality", "complexity": "complexity", "w_quality": "1", "w_complexity": "1",
        "w_novelty": "0", "limit": "0.9", "budget": "10", "missing": "leave_out", "shares": "10, 30, 100", **fields,
    }  # fmt: skip
    answer = client.post(url("selections"), values)
    assert answer.status_code == 302, answer.content.decode()
    made = RowSelection.objects.latest("pk")
    work_on(made.job_id, owner="w", clock=timezone.now, work=lambda job: fill_selection(job, clock=timezone.now))
    made.refresh_from_db()
    return made


def test_rows_come_in_the_order_of_their_scores_and_each_other_says_why_not(cast, client, monkeypatch):
    rows = ten(cast.project)
    [twin] = scored(cast.project, [("Tell me about salt.", "Salt are worth a book.")], [(5, 2)])
    [bare] = scored(cast.project, [("Something else entirely, please.", "As you like.")], [(None, 3)])
    client.force_login(cast.bob)
    made = ask(client, monkeypatch, budget="8")
    ranked = list(RankedRow.objects.filter(selection=made).order_by("place").values_list("sample_id", "reason"))
    best = [row.pk for row in rows[::-1]]
    assert ranked[:8] == [(pk, "") for pk in best[:8]]
    assert ranked[8:] == [(twin.pk, "too_similar"), *((pk, "over_budget") for pk in best[8:]), (bare.pk, "no_score")]
    assert (made.rows, made.told["candidates"], made.told["missing"]) == (8, 12, {"quality": 1, "complexity": 0})
    page = client.get(url("selection", made.pk)).content.decode()
    assert f"{url('new_run', 'quality_scoring')}?fresh=1" in page
    assert "<polyline" in page


def test_a_tier_is_frozen_and_exported_in_its_order(cast, client, monkeypatch):
    rows = ten(cast.project)
    client.force_login(cast.bob)
    made = ask(client, monkeypatch)
    seen = client.get(url("selection", made.pk), {"seen": "30"}).context["seen"]
    assert [(tier.share, tier.rows, tier.epochs.epochs) for tier in seen.tiers] == [
        (10, 1, 30),
        (30, 3, 10),
        (100, 10, 3),
    ]
    assert [tier.epochs.advised for tier in seen.tiers] == [False, False, True]
    page = client.get(f"{url('dataset_new')}?{seen.tiers[1].query}")
    assert page.context["outlook"].rows == 3
    budgeted = client.get(f"{url('dataset_new')}?{seen.tiers[1].query}&seen=15").context["epochs"]
    assert (budgeted.epochs, budgeted.level) == (5, "warn")
    answer = client.post(url("dataset_new"), dict(page.context["choice"].pairs()) | {"name": "top"})
    assert answer.status_code == 302
    version = DatasetVersion.objects.get()
    work_on(version.job_id, owner="w", clock=timezone.now, work=lambda job: freeze_version(job, clock=timezone.now))
    best = [row.pk for row in rows[::-1][:3]]
    assert list(version.pins.order_by("position").values_list("sample_id", flat=True)) == best
    version.refresh_from_db()
    [source] = version.config["sources"]
    assert (source["selection"]["ranked"], source["selection"]["tier"]) == (made.pk, 30.0)
    [told] = tiers_told(Recipe.from_config(version.config))
    assert told.startswith(f"the top 30 % of selection {made.pk}, in its order")
    export = start_export(
        cast.project, format_name="alpaca", layout="jsonl", by=cast.bob, now=timezone.now(), version=version
    )
    work_on(export.job_id, owner="w", clock=timezone.now, work=lambda job: build_export(job, clock=timezone.now))
    told = client.get(url("export_file", export.pk))
    lines = [json.loads(line) for line in b"".join(told).decode().splitlines()]
    assert [line["instruction"] for line in lines] == [f"Tell me about {topic}." for topic in ("salt", "ink", "trams")]


def test_a_row_that_changed_since_stands_in_no_tier_and_none_is_deleted(cast, client, monkeypatch):
    rows = ten(cast.project)
    client.force_login(cast.bob)
    made = ask(client, monkeypatch)
    edit(rows[-1], "Salt is worth two books.")
    page = client.get(
        url("dataset_new"), {"asked": "1", "use": "sft", "split": "all", "s1_ranked": made.pk, "s1_tier": "30"}
    )
    assert page.context["outlook"].rows == 2
    assert Sample.objects.count() == 10
    assert b"changed since" in client.get(url("selection", made.pk)).content


def test_nobody_reads_a_selection_of_another_project(cast, client, monkeypatch):
    ten(cast.project)
    client.force_login(cast.bob)
    made = ask(client, monkeypatch)
    client.force_login(cast.mallory)
    assert client.get(reverse("selection", args=["secrets", made.pk])).status_code == 404
    make_samples(cast.other_project, 3, state=Sample.State.APPROVED)
    page = client.get(reverse("dataset_new", args=["secrets"]), {"asked": "1", "use": "sft", "s1_ranked": made.pk})
    assert page.context["outlook"].rows == 0
    client.force_login(cast.dave)
    assert client.post(url("selections"), {}).status_code == 403
    assert client.get(url("selection", made.pk)).status_code == 200


def test_what_cannot_be_asked_for_is_said_at_the_form(cast, client):
    client.force_login(cast.bob)
    answer = client.post(
        url("selections"), {"w_quality": "1", "w_complexity": "1", "w_novelty": "0", "budget": "5", "shares": "0"}
    )
    assert answer.status_code == 422
    assert "shares" in answer.context["form"].errors
    assert RowSelection.objects.count() == 0


def test_without_scores_the_form_begins_with_novelty_alone_and_says_so(cast, client):
    make_samples(cast.project, 3, state=Sample.State.APPROVED)
    client.force_login(cast.bob)
    page = client.get(url("selections"))
    form = page.context["form"]
    assert (form.preset.code, form.initial["w_quality"], form.initial["w_novelty"]) == ("diverse", 0.0, 1.0)
    assert page.context["pool"] == 3
    assert [each.code for each, usable in page.context["presets"] if usable] == ["diverse", "longest"]
    assert "1708.00489" in page.content.decode()
    part = client.get(
        url("selections"), {"w_quality": 0, "w_complexity": 0, "w_novelty": 1, "budget": 5, "shares": "10",
                            "language": "zh"},
        headers={"hx-request": "true", "hx-target": "selection_pool"},
    )  # fmt: skip
    assert "<html" not in part.content.decode()


def test_a_budget_in_steps_is_reckoned_with_the_batch(cast, client, monkeypatch):
    ten(cast.project)
    client.force_login(cast.bob)
    made = ask(client, monkeypatch)
    seen = client.get(url("selection", made.pk), {"seen": "5", "unit": "steps", "batch": "4"}).context["seen"]
    assert [tier.epochs.epochs for tier in seen.tiers] == [20, pytest.approx(20 / 3), 2]
    whole = client.get(url("dataset_new"), {"asked": "1", "use": "sft", "split": "all", "seen": "50"})
    assert (whole.context["epochs"].epochs, whole.context["epochs"].level) == (5, "warn")


def test_likeness_by_meaning_is_offered_where_there_is_a_model(cast, client, monkeypatch, settings, tmp_path):
    settings.VECTORS = None
    ten(cast.project)
    client.force_login(cast.bob)
    assert "FDC_VECTORS" in client.get(url("selections")).content.decode()
    asked = {"likeness": "vectors", "budget": 3}
    refused = client.post("/api/v1/projects/poems/selections", asked, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (422, "no_vectors")
    words = ["tell", "me", "about", "are", "worth", "a", "book", *TOPICS]
    # What all rows share says nothing; bees and moths are one kind of thing.
    vectors = np.zeros((len(words), 12), np.float32)
    for number, topic in enumerate(TOPICS):
        vectors[7 + number, 0 if topic == "moths" else number] = 1
    np.savez(tmp_path / "words.npz", tokens=np.array(words), vectors=vectors)
    settings.VECTORS = tmp_path
    page = client.get(url("selections")).content.decode()
    assert 'value="vectors"' in page
    made = ask(client, monkeypatch, likeness="vectors")
    [passed] = RankedRow.objects.filter(selection=made, reason="too_similar").select_related("sample")
    assert passed.sample.instruction == "Tell me about bees."
    shown = client.get(url("selection", made.pk)).context
    assert shown["liked"] == {passed.like: "Tell me about moths."}


def test_what_is_stopped_leaves_no_rows_behind(cast, client, monkeypatch):
    ten(cast.project)
    client.force_login(cast.bob)
    wish = {"budget": 3}
    started = client.post("/api/v1/projects/poems/selections", wish, "application/json").json()["id"]
    made = RowSelection.objects.get(pk=started)

    def stopped(job):
        client.post(url("selection", made.pk))
        fill_selection(job, clock=timezone.now)

    work_on(made.job_id, owner="w", clock=timezone.now, work=stopped)
    made.refresh_from_db()
    assert (made.job.state, made.told, made.ranked.count()) == ("cancelled", {}, 0)
    assert "Somebody stopped it." in client.get(url("selection", made.pk)).content.decode()


def test_programs_read_the_same_order_and_the_same_coverage(cast, client, monkeypatch):
    rows = ten(cast.project)
    client.force_login(cast.bob)
    made = ask(client, monkeypatch)
    home = "/api/v1/projects/poems"
    told = client.get(f"{home}/selections/{made.pk}", {"seen": 30}).json()
    assert [(tier["share"], tier["rows"], tier["epochs"]) for tier in told["tiers"]] == [
        (10, 1, 30),
        (30, 3, 10),
        (100, 10, 3),
    ]
    page = client.get(f"{home}/selections/{made.pk}/rows", {"size": 3}).json()
    assert ([row["sample"] for row in page["items"]], page["after"]) == ([row.pk for row in rows[:6:-1]], 3)
    assert client.post(f"{home}/selections", {"weights": [-1, 1, 0]}, "application/json").status_code == 422
    started = client.post(f"{home}/selections", {"budget": 3, "shares": [50]}, "application/json")
    assert (started.status_code, started.json()["state"]) == (202, "waiting")
    assert client.get(f"{home}/coverage", {"down": "language", "across": "task_type"}).json()["counts"] == [[10]]
