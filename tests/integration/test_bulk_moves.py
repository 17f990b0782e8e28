"""Many samples moved by one click: counted, noted, taken back, and moved once when two people press together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from generation.actions.tallies import counts
from generation.models import AuditEntry, PreferencePair, Sample
from review.actions import quality_remedies
from review.actions.decisions import reopen
from review.actions.edit_pairs import pair_from_edit
from review.actions.quality_remedies import Left, left_of, remedy_quality, undo_quality_remedy
from review.models import Decision, FoundRows, QualityReport
from tests.cast import NOW, Cast, edit, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db
CODE = "check.refusal"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def reported(cast: Cast, ids: list[int], *, part: int = 1000) -> QualityReport:
    """A report whose one finding names these samples, worst first."""
    finding = {"code": CODE, "remedies": ["drop", "review"], "reason": "refusal", "level": "warn"}
    report = QualityReport.objects.create(
        project=cast.project, criteria={"state": "approved"}, told={"findings": [finding]}, created_at=NOW
    )
    for number, start in enumerate(range(0, len(ids), part)):
        FoundRows.objects.create(report=report, code=CODE, part=number, ids=ids[start : start + part])
    return report


def test_what_is_left_is_what_a_click_can_still_move(cast: Cast) -> None:
    rows = make_samples(cast.project, 6, state="approved")
    waiting, rejected = make_samples(cast.project, 1), make_samples(cast.project, 2, state="rejected")
    report = reported(cast, [row.pk for row in [*rejected, *waiting, *rows]])
    assert left_of(report, code=CODE) == {"drop": Left(7), "review": Left(6)}
    assert remedy_quality(cast.seat("bob"), report=report, code=CODE, way="drop", now=NOW).moved == 7
    assert left_of(report, code=CODE) == {"drop": Left(0), "review": Left(0)}
    reopen(cast.seat("bob"), sample_id=rows[0].pk, key=new_key(), version=2, reason="good after all", now=NOW)
    assert left_of(report, code=CODE) == {"drop": Left(1), "review": Left(0)}
    assert left_of(report, code="check.unheard_of") == {}


def test_a_click_drops_the_worst_that_are_left_and_says_that_there_are_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality_remedies, "MOST_DROPPED", 4)
    rows = make_samples(cast.project, 10, state="approved")
    report = reported(cast, [row.pk for row in reversed(rows)], part=3)
    assert left_of(report, code=CODE)["drop"] == Left(4, more=True)
    moved = []
    for _ in range(4):
        moved.append(remedy_quality(cast.seat("bob"), report=report, code=CODE, way="drop", now=NOW).moved)
        if len(moved) == 1:
            worst = Sample.objects.filter(state="rejected").order_by("pk").values_list("pk", flat=True)
            assert list(worst) == [row.pk for row in rows[6:]]
    assert moved == [4, 4, 2, 0]


def test_a_dropped_sample_takes_the_pair_of_its_edit_along_and_the_counts_agree(cast: Cast) -> None:
    (row,) = make_samples(cast.project, [("Name a bird.", "A wren.")], state="approved")
    edit(row, "A wren, small and loud.")
    pair_from_edit(cast.seat("bob"), sample_id=row.pk, now=NOW)
    report = reported(cast, [row.pk])
    remedy_quality(cast.seat("bob"), report=report, code=CODE, way="drop", now=NOW)
    pair = PreferencePair.objects.get()
    assert (pair.state, pair.reason) == ("held_back", "taken_back")
    assert counts(cast.project.pk, kind="pair") == {"held_back": 1}
    assert counts(cast.project.pk, kind="sample")["rejected"] == 1


def test_what_somebody_moved_since_stays_where_it_is(cast: Cast) -> None:
    rows = make_samples(cast.project, 3, state="approved", decided_by=cast.carol, decided_at=NOW)
    report = reported(cast, [row.pk for row in rows])
    done = remedy_quality(cast.seat("bob"), report=report, code=CODE, way="drop", now=NOW)
    reopen(cast.seat("alice"), sample_id=rows[0].pk, key=new_key(), version=2, reason="look again", now=NOW)
    assert undo_quality_remedy(cast.seat("bob"), entry=done.entry or 0, now=NOW).moved == 2
    states = dict(Sample.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in rows] == ["needs_review", "approved", "approved"]
    back = Sample.objects.get(pk=rows[1].pk)
    assert (back.decided_by, back.decided_at, back.reason, back.version) == (cast.carol, NOW, "", 3)
    assert counts(cast.project.pk, kind="sample") == {"approved": 2, "needs_review": 1}


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_drop_each_row_once(cast: Cast) -> None:
    rows = make_samples(cast.project, 300, state="approved")
    ids = [row.pk for row in rows]
    reports = [reported(cast, ids), reported(cast, ids[::-1])]
    seats = [cast.seat("alice"), cast.seat("bob")]

    def press(number: int) -> int:
        try:
            report, now = reports[number], timezone.now()
            return remedy_quality(seats[number], report=report, code=CODE, way="drop", now=now).moved
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as people:
        moved = list(people.map(press, (0, 1)))
    assert sum(moved) == 300
    assert Decision.objects.filter(action="drop").values("sample").distinct().count() == 300
    assert Decision.objects.count() == 300
    assert counts(cast.project.pk, kind="sample") == {"rejected": 300}
    assert AuditEntry.objects.filter(action="quality.remedy").count() == len([each for each in moved if each])
