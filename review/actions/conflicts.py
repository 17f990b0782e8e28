"""Settling samples that contradict or repeat each other: some are kept, one of them in a person's own words where none
is right, the others rejected, and all of it undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from fdc_project.web.states import TransitionError, check
from generation.access import Seat
from generation.actions.audit import audit
from generation.files.text import check_text
from generation.models import AuditEntry, Sample
from generation.quality.text import blank
from review.actions.bulk_moves import FROM, Move, move_rows, pieces, put_back
from review.actions.changes import REMEDY, UNDO_REMEDY, Change, StaleError, Texts, read, write
from review.actions.decisions import LONGEST_TEXT, as_before
from review.actions.pair_moves import withdraw_edits
from review.models import ConflictGroup, Decision
from review.policies import check_can_measure

REASONS = {ConflictGroup.Kind.CONFLICT.value: "conflicting_outputs", ConflictGroup.Kind.REDUNDANT.value: "redundant"}
"""The reason of a sample that gives way, by the kind of its group."""
State = ConflictGroup.State


class ConflictError(Exception):
    """The group cannot be settled so; `code` says why: "not_found", "nothing_kept", "kept_gone" (what was to stay is
    rejected by now), "edited_since", "one_text", "text_missing", "bad_text", "settled_already" or "not_settled"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Wording:
    """How the one sample that stays is to read: its output, written by a person who saw its `revision`."""

    output: str
    revision: int


def settle_group(
    seat: Seat, *, group_id: int, keep: Sequence[int], wording: Wording | None = None, now: datetime
) -> int:  # fmt: skip
    """Keeps these samples of the group and rejects the others that wait or are approved; how many were rejected.

    Each is a decision of its own with what it replaced, so that the history of every sample tells of it. What is kept
    stays as it stands, or reads as `wording` says. Editors and owners only. `ConflictError`.
    """
    check_can_measure(seat)
    with transaction.atomic():
        group = _group(seat, group_id, to=State.SETTLED)
        wanted = set(keep)
        kept = [pk for pk in group.samples if pk in wanted]
        _check(kept, wording)
        entry = audit(
            "conflict.settled", by=seat.person, now=now, project=seat.project, subject=f"conflict {group.pk}", kept=kept
        )
        if wording is not None and _written(seat, kept[0], wording, entry, now=now):
            entry.detail["wrote"] = kept[0]
        move = Move("drop", REASONS[group.kind])
        moved = move_rows(seat, ids=set(group.samples) - wanted, move=move, entry=entry, now=now)
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
        back = 0
        if entry is not None:
            back = put_back(seat, entry=entry, now=now)
            _unwritten(seat, entry, now=now)
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


def _check(kept: Sequence[int], wording: Wording | None) -> None:
    if not kept:
        raise ConflictError("nothing_kept")
    if not any(Sample.objects.filter(pk__in=some, state__in=FROM["drop"]).exists() for some in pieces(kept)):
        raise ConflictError("kept_gone")
    if wording is None:
        return
    if len(kept) > 1:
        raise ConflictError("one_text")
    if blank(wording.output):
        raise ConflictError("text_missing")
    if len(wording.output) > LONGEST_TEXT or check_text(wording.output):
        raise ConflictError("bad_text")


def _written(seat: Seat, pk: int, wording: Wording, entry: AuditEntry, *, now: datetime) -> bool:
    """Has the sample read as the person wrote; False where nothing but line ends differs."""
    key = f"{REMEDY}{entry.pk}-{pk}"
    sample = read(seat, sample_id=pk, key=key)
    if sample.revision != wording.revision:
        raise ConflictError("edited_since")
    if wording.output.replace("\r\n", "\n") == sample.output.replace("\r\n", "\n"):
        return False
    texts = Texts(sample.instruction, wording.output, sample.input, sample.system)
    try:
        write(seat, sample=sample, change=Change(action=Decision.Action.EDIT, key=key, now=now, texts=texts))
    except StaleError:
        raise ConflictError("edited_since") from None
    withdraw_edits(sample)
    return True


def _unwritten(seat: Seat, entry: AuditEntry, *, now: datetime) -> None:
    """Gives the sample that was written its old words back, unless somebody has changed it since."""
    pk = entry.detail.get("wrote")
    said = Decision.objects.filter(person=entry.person_id, key=f"{REMEDY}{entry.pk}-{pk}", undone_by=None).first()
    if pk is None or said is None:
        return
    key = f"{UNDO_REMEDY}{entry.pk}-{pk}"
    sample = read(seat, sample_id=pk, key=key)
    if sample.version == said.version:
        fields = as_before(sample, decision=said)
        write(seat, sample=sample, change=Change(Decision.Action.UNDO, key=key, now=now, fields=fields, undoes=said))


def _close(seat: Seat, group: ConflictGroup, state: str, *, kept: list[int], now: datetime) -> None:
    values = {"state": state, "kept": kept, "settled_by": seat.person, "settled_at": now}
    ConflictGroup.objects.filter(pk=group.pk).update(**values)
