"""What reports and conflicts say of samples that people are still asked about: texts, and no score."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.actions.looks import look_at_all
from generation.models import Sample
from review.actions.conflict_searches import fill_conflict_search, start_conflict_search
from review.actions.quality_reports import fill_quality_report, start_quality_report
from review.actions.rounds import RoundWish, open_round
from review.criteria import Criteria
from review.models import ConflictGroup, FoundRows, QualityReport
from tests.cast import NOW, Cast, make_cast, make_samples

pytestmark = pytest.mark.django_db
MOONS = [
    ("How many moons does the planet Mars have?", "Mars has two moons, Phobos and Deimos, both small and dark."),
    ("How many moons does the planet Mars have?", "It lost all of them long ago."),
]


@pytest.fixture
def cast() -> Cast:
    """Bob's project "poems": two approved samples that contradict each other, scored, and asked about in a round."""
    made = make_cast()
    rows = make_samples(made.project, MOONS, state="approved")
    scores = {"difficulty": {"value": 4.71, "low": 1, "high": 5}}
    Sample.objects.filter(pk__in=[each.pk for each in rows]).update(scores=scores)
    open_round(made.seat("alice"), wish=RoundWish("Rate", kind="rate", chosen={"samples": "outputs"}), now=NOW)
    return made


def worked(job: Any, fill: Any) -> None:
    work_on(job.pk, owner="w", clock=timezone.now, work=lambda each: fill(each, clock=timezone.now))


def test_a_group_of_conflicts_tells_no_score_before_the_vote(cast: Cast, client: Client) -> None:
    worked(start_conflict_search(cast.seat("bob"), now=NOW).job, fill_conflict_search)
    here = f"/p/poems/conflicts/{ConflictGroup.objects.get().pk}"
    client.force_login(cast.bob)
    assert b"4.71" not in client.get(here).content
    look_at_all(cast.project, by=cast.bob, now=NOW)
    assert b"4.71" in client.get(here).content


def test_a_report_tells_not_how_hard_a_row_is_before_the_vote(cast: Cast, client: Client) -> None:
    made = start_quality_report(cast.seat("bob"), criteria=Criteria(state="approved"), now=NOW)
    worked(made.job, fill_quality_report)
    assert "difficulty" in QualityReport.objects.get().told["sections"]["coverage"]["axes"]
    client.force_login(cast.bob)
    addresses = [f"/p/poems/quality/{made.pk}.json", f"/api/v1/projects/poems/quality-reports/{made.pk}"]
    for address in addresses:
        told = client.get(address).content.decode()
        assert '"task_type"' in told
        assert '"difficulty"' not in told, address
    look_at_all(cast.project, by=cast.bob, now=NOW)
    assert '"difficulty"' in client.get(addresses[0]).content.decode()


def test_what_is_kept_of_redundant_samples_tells_not_which_was_scored_best_before_the_vote() -> None:
    cast = make_cast()
    asked = MOONS[0][0]
    again = "Mars has two moons, Phobos and Deimos, both of them small and dark."
    rows = make_samples(cast.project, [MOONS[0], (asked, again)])
    for row, value in zip(rows, (1.5, 4.5), strict=True):
        Sample.objects.filter(pk=row.pk).update(scores={"quality": {"value": value, "low": 1, "high": 5}})
    ids = [row.pk for row in rows]
    worked(start_conflict_search(cast.seat("bob"), now=NOW).job, fill_conflict_search)
    assert ConflictGroup.objects.get().samples == ids[::-1], "the best scored, where nobody is asked"
    open_round(cast.seat("alice"), wish=RoundWish("Rate", kind="rate", chosen={"samples": "outputs"}), now=NOW)
    worked(start_conflict_search(cast.seat("bob"), now=NOW).job, fill_conflict_search)
    assert ConflictGroup.objects.get().samples == ids, "the oldest, where people are"
    report = start_quality_report(cast.seat("bob"), criteria=Criteria(), now=NOW)
    worked(report.job, fill_quality_report)
    found = FoundRows.objects.get(report=report, code="redundant_answers")
    assert found.ids == ids[1:]
