"""Evaluation sets: brought in whole from a file or a held-out split, and taken away. Nothing else changes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F

from fdc_project.web.states import TransitionError
from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.held_out import OWN
from generation.actions.jobs import cancel_job
from generation.files.text import check_text
from generation.models import EvaluationItem, EvaluationSet, Job, Role

MOST_ITEMS = 100_000
LONGEST_NAME, LONGEST_ITEM = 120, 100_000


class EvaluationSetError(Exception):
    """The set cannot be brought in; `code` says why, `line` where where that is known."""

    def __init__(self, code: str, *, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


def begin_set(
    seat: Seat, *, name: str, kind: str, params: Mapping[str, Any], now: datetime, source: str = "", origin: str = "",
    format_name: str = "",
) -> EvaluationSet:  # fmt: skip
    """An empty set and the waiting job that fills it; nobody is woken for it yet. Editors and owners only.

    `EvaluationSetError` "name_missing" or "name_taken".
    """
    check_may_edit(seat)
    name = name.strip()[:LONGEST_NAME]
    if not name or check_text(name):
        raise EvaluationSetError("name_missing")
    if name == OWN or EvaluationSet.objects.filter(project=seat.project, name=name).exists():
        raise EvaluationSetError("name_taken")
    try:
        with transaction.atomic():
            job = Job.objects.create(
                project=seat.project, kind=kind, params=dict(params), made_by=seat.person, created_at=now
            )
            return EvaluationSet.objects.create(
                project=seat.project, name=name, source=source[:200] if not check_text(source) else "",
                origin=origin, format=format_name, job=job, made_by=seat.person, created_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise EvaluationSetError("name_taken") from None


def add_items(made: EvaluationSet, *, texts: Iterable[tuple[str, int | None]]) -> int:
    """Adds texts, each with the sample that it was made of, behind those that are there; how many. Call it in the
    transaction of the job's progress. `EvaluationSetError` "too_many_items"."""
    first = EvaluationSet.objects.values_list("size", flat=True).get(pk=made.pk)
    rows = [
        EvaluationItem(set=made, number=number, text=text[:LONGEST_ITEM], row=row)
        for number, (text, row) in enumerate(texts, first)
    ]
    if first + len(rows) > MOST_ITEMS:
        raise EvaluationSetError("too_many_items")
    EvaluationItem.objects.bulk_create(rows, batch_size=500)
    EvaluationSet.objects.filter(pk=made.pk).update(size=F("size") + len(rows))
    return len(rows)


def note_added(made: EvaluationSet, *, now: datetime) -> None:
    """Writes into the audit trail that a set is whole."""
    made.refresh_from_db(fields=["size"])
    audit(
        "evaluation_set.added", by=made.made_by, now=now, project=made.project, subject=made.name, items=made.size
    )  # fmt: skip


def remove_evaluation_set(seat: Seat, *, found: EvaluationSet, now: datetime) -> None:
    """Takes a set away, and stops the job that still reads it; what was dropped for it stays dropped. Editors and
    owners only."""
    check_may_edit(seat)
    with transaction.atomic():
        if found.job is not None and not found.job.over:
            with suppress(TransitionError):  # it came to its end meanwhile
                cancel_job(found.job, now=now)
        audit(
            "evaluation_set.removed", by=seat.person, now=now, project=seat.project, subject=found.name,
            items=found.size,
        )  # fmt: skip
        EvaluationSet.objects.filter(project=seat.project, pk=found.pk).delete()


def note_contamination(
    project: int, *, sets: Iterable[Mapping[str, Any]], preset: str, report: int, now: datetime
) -> None:
    """Keeps with each set what a report found of it; `sets` as the report tells them ("name", "hits", "rows")."""
    for each in sets:
        found = {
            "report": report, "at": now.isoformat(), "preset": preset, "items": each["hits"], "rows": each["rows"],
        }  # fmt: skip
        EvaluationSet.objects.filter(project=project, name=each["name"]).update(found=found)


def check_may_edit(seat: Seat) -> None:
    """`PermissionDenied` unless the seat is an editor's or an owner's."""
    if not seat.may(Role.EDITOR):
        raise PermissionDenied
