"""How a preference pair changes its state: by compare-and-set, the tallies follow, the audit keeps what was before.

Every verb about pairs goes through `move`. It is called in a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fdc_project.web.states import check
from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.judge_alarms import FOOLED, fooled_runs, rests_on
from generation.actions.tallies import count_moves
from generation.models import PreferencePair, Sample

State, Source = PreferencePair.State, PreferencePair.Source
TAKEN_BACK = "taken_back"
"""Why a pair is held back that a person had made and took back, or whose edit is no longer approved."""


class PairError(Exception):
    """What was asked for makes no sense as things stand; `code` says why. Nothing was written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PairNotFoundError(PairError):
    """There is no such pair in this project."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How a pair stands after a verb. `repeated` says that it stood so before; `entry` is the audit entry that an undo
    names, None where nothing was written."""

    pair_id: int
    state: str
    reason: str
    source: str
    version: int
    entry: int | None = None
    repeated: bool = False


def pair_in(seat: Seat, *, pair_id: int) -> PreferencePair:
    """The project's pair with its answers; `PairNotFoundError`."""
    rows = PreferencePair.objects.filter(project=seat.project, pk=pair_id)
    found = rows.select_related("sample", "chosen", "rejected").first()
    if found is None:
        raise PairNotFoundError("not_found")
    return found


def move(pair: PreferencePair, *, to: str, reason: str = "", **fields: Any) -> None:
    """The pair in another state, for a reason; `PairError` "changed_since" when somebody was faster,
    `TransitionError`. One for which nothing speaks but a judge that was fooled is held back for that instead."""
    before = str(pair.state)
    by_people = fields.get("source", pair.source) in PreferencePair.BY_PEOPLE
    if to == State.EXPORTABLE and not by_people and _is_fooled(pair):
        to, reason = State.HELD_BACK, FOOLED
    if before != to:
        check(pair, to)
    values = {"state": to, "reason": reason, "version": pair.version + 1, **fields}
    if not PreferencePair.objects.filter(pk=pair.pk, version=pair.version).update(**values):
        raise PairError("changed_since")
    for name, value in values.items():
        setattr(pair, name, value)
    if before != to:
        count_moves(pair.project_id, kind="pair", moves={before: -1, to: 1}, shard=pair.pk)


def _is_fooled(pair: PreferencePair) -> bool:
    runs = fooled_runs(pair.project_id)
    return bool(runs) and PreferencePair.objects.filter(rests_on(runs), pk=pair.pk).exists()


def noted(seat: Seat, *, pair: PreferencePair, verb: str, before: dict[str, Any], now: datetime, **more: Any) -> Moved:
    """How the pair stands now, written into the audit trail with what was before."""
    entry = audit(
        f"pair.{verb}", by=seat.person, now=now, project=seat.project, subject=f"pair {pair.pk}", before=before,
        after=standing(pair), **more,
    )  # fmt: skip
    return moved(pair, entry=entry.pk)


def moved(pair: PreferencePair, *, entry: int | None = None, repeated: bool = False) -> Moved:
    """How the pair stands."""
    return Moved(pair.pk, str(pair.state), pair.reason, str(pair.source), pair.version, entry, repeated)


def standing(pair: PreferencePair) -> dict[str, Any]:
    """What an undo puts back, as plain JSON."""
    return {
        "state": str(pair.state), "reason": pair.reason, "source": str(pair.source), "version": pair.version,
    }  # fmt: skip


def withdraw_edits(sample: Sample) -> None:
    """Holds back the pairs that were made of the sample's edits: it is not approved any more."""
    rows = PreferencePair.objects.filter(sample__parent=sample, source=Source.EDIT, state=State.EXPORTABLE)
    for pair in rows.order_by("pk"):
        move(pair, to=State.HELD_BACK, reason=TAKEN_BACK)
