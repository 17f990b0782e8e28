"""What a finding of a report is remedied by: pairs held back with a reason, or sent to people. Each is one click, and
what was held back can be put back."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.contradictions import hold_all_contradictions
from generation.actions.judge_alarms import fooled_runs, rests_on
from generation.actions.tallies import count_moves
from generation.models import AuditEntry, PreferencePair
from review.actions.bulk_moves import pieces
from review.actions.rounds import RoundWish, open_round
from review.models import PairReport
from review.policies import check_can_keep_pairs
from review.reports.pairs import may_list_by

State = PreferencePair.State
MOST_SENT = 1000
"""Pairs that a round of one click has at most: the worst ones."""
_LEAVING = (State.EXPORTABLE, State.READY)
_AT_ONCE = 5000


class RemedyError(Exception):
    """The remedy cannot be applied; `code` says why: "blind", "not_offered", "no_rows", "nothing_left",
    "not_found"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Remedied:
    """How many pairs were held back, and the audit entry that an undo names; or the round that they went to."""

    held: int = 0
    entry: int | None = None
    round: int | None = None


def remedy(seat: Seat, *, report: PairReport, code: str, way: str, name: str, now: datetime) -> Remedied:
    """Applies one of the remedies that a finding offers: "balance", "drop" or "review".

    `name` is what a round is called. Editors and owners who see what stands behind the pairs. `RemedyError`.
    """
    check_can_keep_pairs(seat)
    if not may_list_by(seat, run=_run_of(report)):
        raise RemedyError("blind")
    found = next((each for each in report.told.get("findings", ()) if each["code"] == code), None)
    if found is None or way not in found["remedies"]:
        raise RemedyError("not_offered")
    rows = report.rows.get(code) or []
    if not rows:
        raise RemedyError("no_rows")
    if way == "review":
        return _sent(seat, rows[:MOST_SENT], name=name, now=now)
    if way == "balance":
        if not left_by_balance(found, pairs=report.pairs):
            raise RemedyError("nothing_left")
        excess = min(found["detail"]["excess"], len(rows))
        rows = random.Random(f"{report.random_seed} {report.pk}").sample(sorted(rows), excess)
    return _held(seat, report, rows, code=code, reason=found["reason"], now=now)


def left_by_balance(found: Mapping[str, Any], *, pairs: int) -> int:
    """How many of the measured pairs would not be held back. None where every one leans the same way: then there is
    nothing to balance them with."""
    return max(0, pairs - int(found["detail"].get("excess", 0)))


def undo_remedy(seat: Seat, *, entry: int, now: datetime) -> Remedied:
    """Puts back the pairs that a remedy held back and nobody has moved since; those whose judge was fooled since stay
    where they are. `RemedyError`."""
    check_can_keep_pairs(seat)
    found = AuditEntry.objects.filter(project=seat.project, pk=entry, action="pairs.remedy").first()
    if found is None:
        raise RemedyError("not_found")
    put_back, fooled = 0, fooled_runs(seat.project.pk)
    with transaction.atomic():
        for state, ids in found.detail["rows"].items():
            rows = PreferencePair.objects.filter(state=State.HELD_BACK, reason=found.detail["reason"])
            if state == State.EXPORTABLE and fooled:
                rows = rows.exclude(rests_on(fooled))
            count = sum(
                rows.filter(pk__in=some).update(state=state, reason="", version=F("version") + 1)
                for some in pieces(ids, size=_AT_ONCE)
            )
            if count:
                count_moves(seat.project.pk, kind="pair", moves={State.HELD_BACK.value: -count, state: count})
            put_back += count
            hold_all_contradictions(seat.project.pk, pairs=ids)
        made = audit(
            "pairs.undo_remedy", by=seat.person, now=now, project=seat.project, subject=found.subject, undoes=entry,
            released=put_back,
        )  # fmt: skip
    return Remedied(put_back, made.pk)


def _held(
    seat: Seat, report: PairReport, rows: Sequence[int], *, code: str, reason: str, now: datetime
) -> Remedied:  # fmt: skip
    moved: dict[str, list[int]] = {}
    with transaction.atomic():
        for state in _LEAVING:
            mine = PreferencePair.objects.filter(project=seat.project, state=state)
            ids: list[int] = []
            for some in pieces(rows, size=_AT_ONCE):
                here = mine.filter(pk__in=some)
                ids += here.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
                here.update(state=State.HELD_BACK, reason=reason, version=F("version") + 1)
            if ids:
                moved[state.value] = ids
        held = sum(map(len, moved.values()))
        entry = audit(
            "pairs.remedy", by=seat.person, now=now, project=seat.project, subject=f"report {report.pk}", finding=code,
            reason=reason, held=held, rows=moved,
        )  # fmt: skip
        moves = {state: -len(ids) for state, ids in moved.items()} | {State.HELD_BACK.value: held}
        count_moves(seat.project.pk, kind="pair", moves=moves)
    return Remedied(held, entry.pk)


def _sent(seat: Seat, rows: Sequence[int], *, name: str, now: datetime) -> Remedied:
    made = open_round(seat, wish=RoundWish(name[:120], chosen={"ids": list(rows)}), now=now)
    return Remedied(round=made.pk)


def _run_of(report: PairReport) -> int | None:
    run = report.criteria.get("run", "")
    return int(run) if run.isdigit() else None
