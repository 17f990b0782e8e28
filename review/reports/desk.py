"""What stands around the card on the review page: the list at its side, the counts, the choices of the filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Substr

from fdc_project.web.paging import Count, capped_count
from generation.access import Seat
from generation.actions.tallies import counts
from generation.models import Run, Sample
from review.actions.queue import waiting_for
from review.criteria import Criteria
from review.models import Decision

BEFORE, AFTER = 4, 40
LONGEST_TITLE = 160
LATEST_RUNS = 20
_DECIDES = (Decision.Action.APPROVE, Decision.Action.REJECT)


@dataclass(frozen=True, slots=True)
class Desk:
    """Figures of the page: what is left, and what an empty page can offer.

    `mine_today` are the rows that this person decided today and did not take back.
    """

    left: Count
    mine_today: int
    runs: Sequence[Run]
    skipped: int
    waiting_elsewhere: int


def desk_of(seat: Seat, *, criteria: Criteria, now: datetime, empty: bool) -> Desk:
    """The figures for this person and filter. What lies elsewhere is only counted when there is nothing here."""
    waiting = counts(seat.project.pk, kind="sample").get(Sample.State.NEEDS_REVIEW, 0)
    narrowed = criteria != Criteria()
    left = capped_count(waiting_for(seat, criteria=criteria)) if narrowed or empty else Count(waiting, False)
    mine = Decision.objects.filter(project=seat.project, person=seat.person)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today = mine.filter(created_at__gte=midnight, undone_by=None, action__in=_DECIDES)
    skipped = mine.filter(action=Decision.Action.SKIP, undone_by=None, sample__state=Sample.State.NEEDS_REVIEW)
    return Desk(
        left=left,
        mine_today=_bounded(today.filter(pk__in=mine.order_by("-id").values("pk")[:2000])),
        runs=list(Run.objects.in_project(seat.project).only("pk", "recipe")[:LATEST_RUNS]),
        skipped=_bounded(skipped) if empty else 0,
        waiting_elsewhere=waiting if empty else 0,
    )


def neighbours(seat: Seat, *, criteria: Criteria, around: int) -> list[Sample]:
    """Rows of the filter beside the current one in order, whatever their state, with `title` for their beginning."""
    rows = criteria.apply(Sample.objects.in_project(seat.project)).select_related("run").defer("search")
    rows = rows.annotate(title=Substr("instruction", 1, LONGEST_TITLE)).only(
        "id", "state", "origin", "flagged", "edited", "language", "task_type", "run__model", "run__recipe"
    )
    if not around:
        return list(rows.order_by("-id")[:AFTER])
    before = list(rows.filter(pk__lt=around).order_by("-id")[:BEFORE])
    return [*reversed(before), *rows.filter(pk__gte=around).order_by("id")[:AFTER]]


def _bounded(rows: QuerySet[Decision]) -> int:
    return capped_count(rows).number
