"""Settling samples that contradict or repeat each other: some are kept, the others rejected, and all of it undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from fdc_project.web.states import TransitionError, check
from generation.access import Seat
from generation.actions.audit import audit
from generation.models import AuditEntry
from review.actions.bulk_moves import Move, move_rows, put_back
from review.models import ConflictGroup
from review.policies import check_can_measure

REASONS = {ConflictGroup.Kind.CONFLICT.value: "conflicting_outputs", ConflictGroup.Kind.REDUNDANT.value: "redundant"}
"""The reason of a sample that gives way, by the kind of its group."""
State = ConflictGroup.State


class ConflictError(Exception):
    """The group cannot be settled so; `code` says why: "not_found", "nothing_kept", "settled_already" or
    "not_settled"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def settle_group(seat: Seat, *, group_id: int, keep: Sequence[int], now: datetime) -> int:
    """Keeps these samples of the group and rejects the others that wait or are approved; how many were rejected.

    Each is a decision of its own with what it replaced, so that the history of every sample tells of it. What is kept
    stays as it stands. Editors and owners only. `ConflictError`.
    """
    check_can_measure(seat)
    with transaction.atomic():
        group = _group(seat, group_id, to=State.SETTLED)
        kept = [pk for pk in group.samples if pk in keep]
        if not kept:
            raise ConflictError("nothing_kept")
        others = [pk for pk in group.samples if pk not in kept]
        entry = audit(
            "conflict.settled", by=seat.person, now=now, project=seat.project, subject=f"conflict {group.pk}", kept=kept
        )
        moved = move_rows(seat, ids=others, move=Move("drop", REASONS[group.kind]), entry=entry, now=now)
        AuditEntry.objects.filter(pk=entry.pk).update(detail=entry.detail | {"rows": moved, "moved": len(moved)})
        _close(seat, group, State.SETTLED, kept=kept, now=now)
    return len(moved)


def no_conflict(seat: Seat, *, group_id: int, now: datetime) -> None:
    """Says that all of the group may stay: it does not come back. Editors and owners only. `ConflictError`."""
    check_can_measure(seat)
    with transaction.atomic():
        group = _group(seat, group_id, to=State.NO_CONFLICT)
        audit("conflict.no_conflict", by=seat.person, now=now, project=seat.project, subject=f"conflict {group.pk}")
        _close(seat, group, State.NO_CONFLICT, kept=list(group.samples), now=now)


def reopen_group(seat: Seat, *, group_id: int, now: datetime) -> int:
    """Opens a settled group again; samples that it moved, and nobody has since, stand as before: how many.
    Editors and owners only. `ConflictError`."""
    check_can_measure(seat)
    with transaction.atomic():
        group = _group(seat, group_id, to=State.OPEN)
        entries = AuditEntry.objects.filter(
            project=seat.project, subject=f"conflict {group.pk}", action="conflict.settled"
        )
        entry = entries.order_by("-pk").first() if group.state == State.SETTLED else None
        back = put_back(seat, entry=entry, now=now) if entry else 0
        audit(
            "conflict.reopened", by=seat.person, now=now, project=seat.project, subject=f"conflict {group.pk}",
            moved=back,
        )  # fmt: skip
        values: dict[str, Any] = {"state": State.OPEN, "kept": [], "settled_by": None, "settled_at": None}
        ConflictGroup.objects.filter(pk=group.pk).update(**values)
    return back


def _group(seat: Seat, group_id: int, *, to: str) -> ConflictGroup:
    rows = ConflictGroup.objects.filter(project=seat.project, pk=group_id)
    group = rows.select_for_update(no_key=True, of=("self",)).first()
    if group is None:
        raise ConflictError("not_found")
    try:
        check(group, to)
    except TransitionError:
        raise ConflictError("not_settled" if to == State.OPEN else "settled_already") from None
    return group


def _close(seat: Seat, group: ConflictGroup, state: str, *, kept: list[int], now: datetime) -> None:
    values = {"state": state, "kept": kept, "settled_by": seat.person, "settled_at": now}
    ConflictGroup.objects.filter(pk=group.pk).update(**values)
