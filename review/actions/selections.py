"""Selections of the best rows: asked for by editors, stopped by them, worked out by a job (`selection_work`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.jobs import cancel_job, start_job
from generation.actions.looks import look_at_all
from generation.actions.vector_models import vectors_offered
from review.mixes.recipe import Recipe
from review.models import RankedRow, RowSelection
from review.policies import check_can_measure
from review.reports.counts import narrows_by_verdicts
from review.selection_wish import VECTORS, SelectionWish

KIND = "review.select_rows"
MOST_CANDIDATES = 200_000
"""Rows that one selection weighs; of more it is asked to narrow down first."""


class NoCandidatesError(Exception):
    """No approved row meets the filter."""


class TooManyCandidatesError(Exception):
    """More rows meet the filter than one selection weighs; the argument is how many."""


class NoVectorsError(Exception):
    """Likeness by meaning was asked for, and the installation has no model for it."""


def start_selection(seat: Seat, *, wish: SelectionWish, now: datetime) -> RowSelection:
    """A selection and the waiting job that will work it out. Who asks for one by scores that people may not know before
    they vote has looked. Editors and owners only. `NoCandidatesError`, `TooManyCandidatesError`, `NoVectorsError`."""
    check_can_measure(seat)
    if wish.likeness == VECTORS and not vectors_offered().ready:
        raise NoVectorsError
    rows = wish.filter.rows(seat.project).order_by()[: MOST_CANDIDATES + 1].count()
    if not rows:
        raise NoCandidatesError
    if rows > MOST_CANDIDATES:
        raise TooManyCandidatesError(rows)
    with transaction.atomic():
        if narrows_by_verdicts(seat.project, Recipe.of(replace(wish.filter, aspect="quality"))):
            look_at_all(seat.project, by=seat.person, now=now)
        made = RowSelection.objects.create(
            project=seat.project, name=wish.name[:120], asked=wish.as_config(), made_by=seat.person, created_at=now
        )
        params = {"selection": made.pk, "rows": rows}
        made.job = start_job(seat.project, kind=KIND, params=params, by=seat.person, now=now)
        made.save(update_fields=["job"])
        audit("selection.start", by=seat.person, now=now, project=seat.project, subject=str(made.pk))
    return made


def cancel_selection(seat: Seat, *, selection: RowSelection, now: datetime) -> None:
    """Stops the work; the selection stays empty. Editors and owners only. `TransitionError` when it is over."""
    check_can_measure(seat)
    if selection.job is not None:
        cancel_job(selection.job, now=now)
        RankedRow.objects.filter(selection=selection).delete()
