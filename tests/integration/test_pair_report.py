"""The report on pairs: asked for, measured by a job, read blind or open, and its remedies."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.actions.tallies import count_moves, counts
from generation.content import content_hash
from generation.models import Answer, PreferencePair, Project, Sample
from generation.preferences.bias import PairFacts
from review.actions.freezing import freeze_version, start_freeze
from review.actions.pair_remedies import RemedyError, remedy, undo_remedy
from review.actions.pair_reports import NoPairsError, fill_report, start_report
from review.actions.pairs import look_at_pairs
from review.mixes.recipe import Recipe
from review.models import Comparison, PairReport
from review.pair_criteria import PairCriteria
from review.pair_facts import facts_of_rows
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.unit.preferences.bias.sets import BIASED, changed, neutral

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def url(name: str, *rest: Any) -> str:
    return reverse(name, args=["poems", *rest])


def plant(project: Project, facts: Iterable[PairFacts], *, state: str = "exportable") -> list[PreferencePair]:
    """The pairs of a made set as rows of the project."""
    found = list(facts)
    samples = make_samples(project, [(each.prompt, "") for each in found], state=Sample.State.GENERATED)
    sides = [
        Answer(sample=sample, text=text, model=model, content_hash=content_hash(instruction=text), created_at=NOW)
        for sample, each in zip(samples, found, strict=True)
        for text, model in ((each.chosen, each.chosen_model), (each.rejected, each.rejected_model))
    ]
    answers = Answer.objects.bulk_create(sides)
    pairs = PreferencePair.objects.bulk_create(
        PreferencePair(
            project=project, sample=sample, chosen=answers[2 * at], rejected=answers[2 * at + 1], source=each.source,
            state=state, margin=each.margin, rubric=each.rubric, created_at=NOW,
            meta={
                "judge": {
                    "forward": each.forward, "backward": each.backward, "first": each.first, "low": each.low,
                    "high": each.high, "scores": [each.chosen_score, each.rejected_score],
                }
            },
        )
        for at, (sample, each) in enumerate(zip(samples, found, strict=True))
    )  # fmt: skip
    count_moves(project.pk, kind="pair", moves={state: len(pairs)})
    return pairs


def measured(cast: Cast, *, by: str = "bob", **asked: Any) -> PairReport:
    """A report that its job has finished."""
    report = start_report(cast.seat(by), now=NOW, **asked)
    assert report.job_id is not None
    work_on(report.job_id, owner="w", clock=timezone.now, work=lambda job: fill_report(job, clock=timezone.now))
    report.refresh_from_db()
    assert report.job is not None
    assert report.job.state == "done"
    return report


def test_002_20_pairs_are_measured_by_a_job_and_the_rows_say_what_the_set_said(cast: Cast) -> None:
    made = list(neutral(size=60))
    plant(cast.project, made)
    read = list(facts_of_rows(PreferencePair.objects.filter(project=cast.project)))
    assert [(each.chosen, each.margin, each.forward, each.first, each.low) for each in read] == [
        (each.chosen, each.margin, each.forward, each.first, each.low) for each in made
    ]
    report = measured(cast)
    assert (report.pairs, report.told["pairs"], report.job.done) == (60, 60, 60)  # type: ignore[union-attr]
    with pytest.raises(PermissionDenied):
        start_report(cast.seat("carol"), now=NOW)
    with pytest.raises(NoPairsError):
        start_report(cast.seat("bob"), criteria=PairCriteria(language="zh", search="nothing"), now=NOW)


def test_balance_holds_back_until_half_are_longer_and_can_be_undone(cast: Cast) -> None:
    plant(cast.project, changed(BIASED["longer_wins"][0])[:120])
    report = measured(cast)
    with pytest.raises(RemedyError, match="blind"):
        remedy(cast.seat("bob"), report=report, code="longer_wins", way="balance", name="x", now=NOW)
    look_at_pairs(cast.seat("bob"), now=NOW)
    with pytest.raises(RemedyError, match="not_offered"):
        remedy(cast.seat("bob"), report=report, code="longer_wins", way="drop", name="x", now=NOW)
    done = remedy(cast.seat("bob"), report=report, code="longer_wins", way="balance", name="x", now=NOW)
    found = next(each for each in report.told["findings"] if each["code"] == "longer_wins")
    assert done.held == found["detail"]["excess"] == 2 * found["hits"] - found["n"]
    assert counts(cast.project.pk, kind="pair")["held_back"] == done.held
    after = measured(cast, criteria=PairCriteria(state="exportable"))
    assert next(each for each in after.told["findings"] if each["code"] == "longer_wins")["value"] == 0.5
    assert done.entry is not None
    assert undo_remedy(cast.seat("bob"), entry=done.entry, now=NOW).held == done.held
    assert not PreferencePair.objects.filter(state="held_back").exists()


def test_rows_are_held_back_with_the_reason_of_the_finding_or_sent_to_people(cast: Cast) -> None:
    plant(cast.project, changed(BIASED["refusals"][0])[:200])
    report = measured(cast)
    look_at_pairs(cast.seat("bob"), now=NOW)
    sent = remedy(cast.seat("bob"), report=report, code="refusals", way="review", name="Refusals", now=NOW)
    rows = report.rows["refusals"]
    assert sorted(Comparison.objects.filter(round=sent.round).values_list("pair_id", flat=True)) == sorted(rows)
    held = remedy(cast.seat("bob"), report=report, code="refusals", way="drop", name="x", now=NOW)
    assert held.held == len(rows)
    assert set(PreferencePair.objects.filter(pk__in=rows).values_list("state", "reason")) == {("held_back", "refusal")}


def test_an_editor_who_has_not_looked_gets_figures_without_names_or_rows(cast: Cast, client: Client) -> None:
    plant(cast.project, changed(BIASED["models"][0])[:60])
    report = measured(cast)
    client.force_login(cast.bob)
    pages = [
        client.get(url("pair_report")).content.decode(),
        client.get(url("pair_report_json", report.pk)).content.decode(),
        client.get(url("pair_report_file", report.pk)).content.decode(),
    ]
    for page in pages:
        assert "alpha" not in page
        assert "#1" in page
    assert "Worst rows" not in pages[0]
    client.post(url("pairs"), {"do": "look"})
    opened = client.get(url("pair_report"), {"finding": "models"}).content.decode()
    assert "alpha" in opened
    assert "Worst rows" in opened
    told = json.loads(client.get(url("pair_report_json", report.pk)).content)
    assert {each["model"] for each in told["models"]} == {"alpha", "beta"}


def test_few_pairs_tell_nothing_before_a_look(cast: Cast, client: Client) -> None:
    plant(cast.project, list(neutral(size=5)))
    measured(cast)
    client.force_login(cast.bob)
    page = client.get(url("pair_report")).content.decode()
    assert "Not to be shown blind" in page
    assert "Lexical" not in page


def test_the_file_stands_alone(cast: Cast, client: Client) -> None:
    plant(cast.project, list(neutral(size=30)))
    report = measured(cast)
    client.force_login(cast.alice)
    saved = client.get(url("pair_report_file", report.pk))
    text = saved.content.decode()
    assert saved["Content-Disposition"].endswith(f'pairs-poems-{report.pk}.html"')
    for outside in ("src=", "href=", "url(", "@import", "http", "<script"):
        assert outside not in text, outside
    assert text.count("<svg") >= 2


def test_pages_by_clicks(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    assert "Nobody has measured these pairs yet" in client.get(url("pair_report")).content.decode()
    plant(cast.project, changed(BIASED["longer_wins"][0])[:60])
    look_at_pairs(cast.seat("bob"), now=NOW)
    there = client.post(url("pair_report"), follow=True)
    assert "waiting for a worker" in there.content.decode()
    report = PairReport.objects.get()
    work_on(report.job_id or 0, owner="w", clock=timezone.now, work=lambda job: fill_report(job, clock=timezone.now))
    page = client.get(url("pair_report"), {"report": report.pk}).content.decode()
    assert "Longer answer wins" in page
    done = client.post(
        url("pair_report_remedy", report.pk), {"finding": "longer_wins", "do": "balance"}, follow=True
    ).content.decode()
    assert "held back." in done
    assert "Put them back" in done
    for reader in (cast.carol, cast.dave):
        client.force_login(reader)
        assert client.get(url("pair_report")).status_code == 403
        assert client.get(url("pair_report_json", report.pk)).status_code == 403


def test_a_frozen_version_is_measured_as_it_is_pinned(cast: Cast, client: Client) -> None:
    pairs = plant(cast.project, changed(BIASED["longer_wins"][0])[:40])
    recipe = Recipe.from_config({"kind": "preference"})
    version = start_freeze(cast.project, recipe=recipe, by=cast.bob, now=NOW)
    work_on(version.job_id or 0, owner="w", clock=timezone.now, work=lambda j: freeze_version(j, clock=timezone.now))
    version.refresh_from_db()
    live = measured(cast, criteria=PairCriteria(state="exportable"))
    PreferencePair.objects.filter(pk=pairs[0].pk).update(state="held_back", reason="by_hand")
    frozen = measured(cast, version=version)
    assert frozen.told["pairs"] == version.rows == 40
    for part in ("margins", "lengths", "models", "languages"):
        assert frozen.told[part] == live.told[part], part
    look_at_pairs(cast.seat("bob"), now=NOW)
    client.force_login(cast.bob)
    where = url("version_pairs", version.dataset_id, version.number)
    assert "Longer answer wins" in client.get(where).content.decode()
    assert client.post(where, follow=True).redirect_chain[-1][0] == where
    assert where in client.get(url("version", version.dataset_id, version.number)).content.decode()


def test_no_balance_is_offered_that_would_leave_nothing_and_a_report_says_that_pairs_came_since(
    cast: Cast, client: Client
) -> None:
    longer = [replace(each, chosen=f"{each.prompt} is answered at length, with reasons.", rejected="In short.")
              for each in list(neutral(size=30))]  # fmt: skip
    plant(cast.project, longer)
    report = measured(cast)
    look_at_pairs(cast.seat("bob"), now=NOW)
    client.force_login(cast.bob)
    asked = {"report": report.pk, "finding": "longer_wins"}
    page = client.get(url("pair_report"), asked).content.decode()
    assert "nothing would be left" in page
    assert 'value="balance"' not in page
    assert "came since" not in page
    with pytest.raises(RemedyError, match="nothing_left"):
        remedy(cast.seat("bob"), report=report, code="longer_wins", way="balance", name="x", now=NOW)
    PreferencePair.objects.filter(pk__in=[each.pk for each in plant(cast.project, longer[:2])]).update(
        created_at=timezone.now()
    )
    assert "2 pairs came since" in client.get(url("pair_report"), asked).content.decode()
