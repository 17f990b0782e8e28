"""What a finding on quality is remedied by: its samples dropped, or put back to review. One click each, and each can be
taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import transaction

from generation.access import Seat
from generation.actions.audit import audit
from generation.models import AuditEntry, Sample
from review.actions.bulk_moves import FROM, Move, Way, move_rows, pieces, put_back
from review.models import FoundRows, QualityReport
from review.policies import check_can_measure
from review.quality_facts import samples_of

MOST_DROPPED = 10_000
MOST_SENT = 1000
"""Samples that one click sends to people: the worst ones, and as many as `?finding=` narrows the queue to."""
MOST_LOOKED_AT = 50
"""Parts of a finding's rows, of a thousand each, that are looked through for what a click can still move."""
REMEDY, UNDO_REMEDY = "quality.remedy", "quality.undo_remedy"
"""The audit entries of remedies and of what took them back."""
State = Sample.State


class QualityRemedyError(Exception):
    """The remedy cannot be applied; `code` says why: "not_offered", "no_rows", "not_found"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class QualityRemedied:
    """How many samples were moved, how many of the finding wait for people now, and the audit entry that an undo
    names (None where nothing had to be moved)."""

    moved: int
    waiting: int = 0
    entry: int | None = None


def offered(report: QualityReport, *, code: str) -> Sequence[str]:
    """The remedies of a finding that can be applied to its rows: those of samples only; pairs have reports of their
    own."""
    found = next((each for each in report.told.get("findings", ()) if each["code"] == code), None)
    return tuple(found["remedies"]) if found and samples_of(report.kind) else ()


def remedy_quality(seat: Seat, *, report: QualityReport, code: str, way: str, now: datetime) -> QualityRemedied:
    """Applies "drop" (samples that wait or are approved become rejected, with the finding's reason) or "review" (the
    approved ones among the worst wait again). Editors and owners only. `QualityRemedyError`."""
    check_can_measure(seat)
    if way not in FROM or way not in offered(report, code=code):
        raise QualityRemedyError("not_offered")
    ids = ids_of(report, code=code, most=MOST_SENT)
    if not ids:
        raise QualityRemedyError("no_rows")
    found = next(each for each in report.told["findings"] if each["code"] == code)
    move = Move(cast(Way, way), reason=(found["reason"] or code)[:60] if way == "drop" else "")
    with transaction.atomic():
        entry = audit(
            REMEDY, by=seat.person, now=now, project=seat.project, subject=f"report {report.pk}", finding=code,
            reason=move.reason, way=way,
        )  # fmt: skip
        wanted = ids if way == "review" else _left(report, code=code, way=way).ids
        moved = move_rows(seat, ids=wanted, move=move, entry=entry, now=now)
        AuditEntry.objects.filter(pk=entry.pk).update(detail=entry.detail | {"moved": len(moved), "rows": moved})
        if not moved:
            entry.delete()
    mine = Sample.objects.filter(project=seat.project, state=State.NEEDS_REVIEW)
    waiting = sum(mine.filter(pk__in=some).count() for some in pieces(ids))
    return QualityRemedied(len(moved), waiting, entry.pk if moved else None)


def undo_quality_remedy(seat: Seat, *, entry: int, now: datetime) -> QualityRemedied:
    """Puts every sample that a remedy moved, and that nobody has moved since, back to how it stood.
    `QualityRemedyError`."""
    check_can_measure(seat)
    found = AuditEntry.objects.filter(project=seat.project, pk=entry, action=REMEDY).first()
    if found is None:
        raise QualityRemedyError("not_found")
    with transaction.atomic():
        back = put_back(seat, entry=found, now=now)
        audit(
            UNDO_REMEDY, by=seat.person, now=now, project=seat.project, subject=found.subject, undoes=entry,
            moved=back,
        )  # fmt: skip
    return QualityRemedied(back)


@dataclass(frozen=True, slots=True)
class Left:
    """What a click would still move: `rows` of them, `more` where there may be others that it leaves for the next."""

    rows: int
    more: bool = False


def left_of(report: QualityReport, *, code: str) -> Mapping[str, Left]:
    """Way -> the rows of a finding that its click can still move, at most as many as one click moves: what was dropped
    or sent before, or decided by somebody, is none of them. Empty where no remedy is offered."""
    ways = [way for way in offered(report, code=code) if way in FROM]
    found = {way: _left(report, code=code, way=way, parts=MOST_LOOKED_AT) for way in ways}
    return {way: Left(len(each.ids), each.more) for way, each in found.items()}


@dataclass(frozen=True, slots=True)
class _Movable:
    ids: Sequence[int]
    more: bool


def _left(report: QualityReport, *, code: str, way: str, parts: int | None = None) -> _Movable:
    """The worst of the finding's rows that can be moved that way, looked for in the first `parts` of them."""
    if way == "review":
        return _Movable(_standing(report, ids_of(report, code=code, most=MOST_SENT), way), False)
    found: list[int] = []
    for number, ids in enumerate(_parts(report, code=code)):
        if len(found) >= MOST_DROPPED or number == parts:
            return _Movable(found[:MOST_DROPPED], True)
        found += _standing(report, ids, way)
    return _Movable(found[:MOST_DROPPED], len(found) > MOST_DROPPED)


def _standing(report: QualityReport, ids: Sequence[int], way: str) -> list[int]:
    """Those of the ids, in their order, whose samples stand where the way begins."""
    mine = Sample.objects.filter(project=report.project_id, state__in=FROM[way])
    there = {pk for some in pieces(ids) for pk in mine.filter(pk__in=some).values_list("pk", flat=True)}
    return [pk for pk in ids if pk in there]


def _parts(report: QualityReport, *, code: str) -> Iterator[list[int]]:
    rows = FoundRows.objects.filter(report=report, code=code).order_by("part").values_list("ids", flat=True)
    yield from rows.iterator(chunk_size=20)


def ids_of(report: QualityReport, *, code: str, most: int | None = None) -> list[int]:
    """The ids that a finding speaks of, worst first, `most` of them."""
    parts = FoundRows.objects.filter(report=report, code=code).order_by("part")
    if most is not None:
        parts = parts.filter(part__lt=-(-most // FoundRows.PART))
    return [pk for ids in parts.values_list("ids", flat=True) for pk in ids][:most]
