"""Many samples moved by one click: each by a decision of its own that says what was before, and all of it taken back.

Rows are locked in the order of their ids and counters moved last, so that two clicks at once, or a click and a person
who decides, wait for each other and never stand in each other's way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.models import F

from generation.access import Seat
from generation.actions.tallies import count_moves
from generation.models import AuditEntry, PreferencePair, Sample
from review.actions.changes import REMEDY, UNDO_REMEDY, snapshot
from review.actions.pair_moves import TAKEN_BACK
from review.models import Decision

Way = Literal["drop", "review"]
State, Action = Sample.State, Decision.Action
FROM = {"drop": (State.APPROVED, State.NEEDS_REVIEW), "review": (State.APPROVED,)}
"""The states of samples that a way can move."""
AT_ONCE = 500
_TO = {"drop": State.REJECTED, "review": State.NEEDS_REVIEW}
_ACTIONS = {"drop": Action.DROP, "review": Action.REOPEN}
_NEEDED = (
    "pk", "state", "reason", "flagged", "edited", "revision", "version", "decided_by_id", "decided_at", "project_id",
)  # fmt: skip
_PUT_BACK = (
    "UPDATE generation_sample SET state = %s, reason = %s, decided_by_id = %s, decided_at = %s, version = version + 1"
    " WHERE id = %s"
)
"""A statement for each row, sent together: each has values of its own, and one large CASE takes five times as long."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where samples go: "drop" rejects them for a `reason`, "review" has approved ones wait again."""

    way: Way
    reason: str = ""


def move_rows(seat: Seat, *, ids: Iterable[int], move: Move, entry: AuditEntry, now: datetime) -> list[int]:
    """Moves those of the samples that stand where the move begins; their ids. Call it in a transaction whose audit
    `entry` is what `put_back` names."""
    moved: list[int] = []
    were: Counter[str] = Counter()
    for some in pieces(sorted(set(ids))):
        found = _moved(seat, some, move, entry, now=now)
        moved += (each.pk for each in found)
        were.update(str(each.state) for each in found)
    _withdraw_edits(seat, moved)
    _count(seat, came=Counter({_TO[move.way].value: len(moved)}), left=were)
    return moved


def put_back(seat: Seat, *, entry: AuditEntry, now: datetime) -> int:
    """Puts the samples that a move moved, and that nobody has moved since, back to how they stood; how many. Call it in
    a transaction."""
    came: Counter[str] = Counter()
    left: Counter[str] = Counter()
    for some in pieces(sorted(entry.detail["rows"])):
        for state, before in _put_back(seat, some, entry, now=now):
            came[before] += 1
            left[state] += 1
    _count(seat, came=came, left=left)
    return came.total()


def pieces(ids: Sequence[int], *, size: int = AT_ONCE) -> Iterator[Sequence[int]]:
    """The ids in pieces that databases take."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _moved(seat: Seat, ids: Sequence[int], move: Move, entry: AuditEntry, *, now: datetime) -> list[Sample]:
    rows = Sample.objects.filter(project=seat.project, pk__in=ids, state__in=FROM[move.way]).only(*_NEEDED)
    found = list(rows.order_by("pk").select_for_update(no_key=True))
    values: dict[str, Any] = {"state": _TO["drop"], "reason": move.reason, "decided_by": seat.person, "decided_at": now}
    if move.way == "review":
        values = {"state": _TO["review"], "reason": "", "decided_by": None, "decided_at": None}
    Sample.objects.filter(pk__in=[each.pk for each in found]).update(**values, version=F("version") + 1)
    Decision.objects.bulk_create(
        Decision(
            project=seat.project, sample=each, person=seat.person, action=_ACTIONS[move.way], reason=move.reason,
            revision=each.revision, version=each.version + 1, key=f"{REMEDY}{entry.pk}-{each.pk}",
            before=snapshot(each), outcome=_outcome(each, state=_TO[move.way], version=each.version + 1),
            claimed=False, created_at=now,
        )
        for each in found
    )  # fmt: skip
    return found


def _put_back(seat: Seat, ids: Sequence[int], entry: AuditEntry, *, now: datetime) -> list[tuple[str, str]]:
    """(the state that the move led to, the state that it stands in again) of each sample."""
    keys = [f"{REMEDY}{entry.pk}-{pk}" for pk in ids]
    said = {each.sample_id: each for each in Decision.objects.filter(person=entry.person_id, key__in=keys)}
    rows = Sample.objects.filter(project=seat.project, pk__in=said).only(*_NEEDED).order_by("pk")
    found = [each for each in rows.select_for_update(no_key=True) if each.version == said[each.pk].version]
    if not found:
        return []
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_BACK, [_as_before(each.pk, said[each.pk].before) for each in found])
    Decision.objects.bulk_create(
        Decision(
            project=seat.project, sample=each, person=seat.person, action=Action.UNDO, revision=each.revision,
            version=each.version + 1, key=f"{UNDO_REMEDY}{entry.pk}-{each.pk}", undoes=said[each.pk], claimed=False,
            outcome=_outcome(each, state=said[each.pk].before["state"], version=each.version + 1), created_at=now,
        )
        for each in found
    )  # fmt: skip
    return [(str(each.state), str(said[each.pk].before["state"])) for each in found]


def _as_before(pk: int, before: Mapping[str, Any]) -> tuple[Any, ...]:
    """What `_PUT_BACK` takes."""
    at = datetime.fromisoformat(before["decided_at"]) if before["decided_at"] else None
    when = connection.ops.adapt_datetimefield_value(at)
    return before["state"], before["reason"], before["decided_by"], when, pk


def _withdraw_edits(seat: Seat, ids: Sequence[int]) -> None:
    """Holds back the pairs that were made of the samples' edits: these are not approved any more."""
    held, states = 0, PreferencePair.State
    source = PreferencePair.Source.EDIT
    for some in pieces(ids):
        rows = PreferencePair.objects.filter(sample__parent__in=some, source=source, state=states.EXPORTABLE)
        pairs = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        held += PreferencePair.objects.filter(pk__in=pairs).update(
            state=states.HELD_BACK, reason=TAKEN_BACK, version=F("version") + 1
        )
    count_moves(seat.project.pk, kind="pair", moves={states.EXPORTABLE.value: -held, states.HELD_BACK.value: held})


def _outcome(sample: Sample, *, state: str, version: int) -> dict[str, Any]:
    return {
        "sample_id": sample.pk, "state": str(state), "version": version, "revision": sample.revision,
        "flagged": sample.flagged,
    }  # fmt: skip


def _count(seat: Seat, *, came: Counter[str], left: Counter[str]) -> None:
    moves = {state: came[state] - left[state] for state in {*came, *left}}
    count_moves(seat.project.pk, kind="sample", moves=moves)
