"""The gate once more for the pairs of a run, with another margin: one change of many rows, foretold and undoable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.contradictions import hold_all_contradictions
from generation.actions.judge_alarms import FOOLED, fooled_runs, is_fooled, rests_on
from generation.actions.tallies import count_moves
from generation.models import AuditEntry, PreferencePair, Run
from review.actions.pair_moves import PairError, PairNotFoundError
from review.policies import check_can_keep_pairs
from review.reports.counts import LEAST_UNSEEN
from review.reports.pairs import may_list_by

State, Source = PreferencePair.State, PreferencePair.Source
JUDGED = (Source.JUDGE, Source.SCORE, Source.MODEL_GAP)
"""Sources for which a margin decides; what people or rules vouch for needs none."""
BELOW = "below_margin"
UNDOABLE_UP_TO = 100_000
"""Rows up to which the change is written down row by row, so that it can be undone."""
_AT_ONCE = 5_000
_TINY = 1e-9
_MOST_SCALES = 100


@dataclass(frozen=True, slots=True)
class Prospect:
    """What another margin would do to a run's pairs: how many it would hold back and release of how many with one.

    `low` and `high` are the scale of their scores, None where it is not known; `last` is the audit entry of the latest
    change that can be undone.
    """

    run: int
    least_margin: float
    held: int
    released: int
    judged: int
    low: float | None
    high: float | None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Regated:
    """How many pairs were held back and released, and the audit entry that an undo names."""

    held: int
    released: int
    entry: int
    undoable: bool


def prospect(seat: Seat, *, run_id: int, least_margin: float) -> Prospect:
    """What `regate` would do. `PairNotFoundError` for a run that is not the project's, `PairError` "blind" where there
    are so few pairs that their number beyond a margin would tell the margin of each, until the person looked."""
    run = _run(seat, run_id)
    judged = _judged(run).count()
    if judged < LEAST_UNSEEN and not may_list_by(seat, run=run.pk):
        raise PairError("blind")
    scales = _scales(run)
    low, high = scales[0] if len(scales) == 1 else (None, None)
    held, released = _below(run, least_margin).count(), _above(run, least_margin).count()
    return Prospect(run.pk, least_margin, held, released, judged, low, high, _last(seat, run))


def regate(seat: Seat, *, run_id: int, least_margin: float, now: datetime) -> Regated:
    """Holds back what is below the margin (inclusive, in units of the score) and releases what was held back for
    nothing else. Each row keeps its verdicts. Editors and owners only.

    `PairError` "bad_margin"; "blind" as for `prospect`; "mixed_scales" where the run's scores stand on several scales,
    so that no margin means the same for all; "judge_fooled" while the alarm of the run's judge is in force: it vouches
    for nothing then.
    """
    check_can_keep_pairs(seat)
    if not 0 <= least_margin < 1e6:
        raise PairError("bad_margin")
    with transaction.atomic():
        run = Run.objects.select_for_update(no_key=True, of=("self",)).get(pk=_run(seat, run_id).pk)
        if is_fooled(run):
            raise PairError(FOOLED)
        if len(_scales(run)) > 1:
            raise PairError("mixed_scales")
        prospect(seat, run_id=run_id, least_margin=least_margin)
        down, up = (list(rows.values_list("pk", flat=True)) for rows in (
            _below(run, least_margin), _above(run, least_margin)
        ))  # fmt: skip
        held = _moved(down, of=_below(run, least_margin), to=State.HELD_BACK, reason=BELOW)
        released = _moved(up, of=_above(run, least_margin), to=State.EXPORTABLE, reason="")
        undoable = len(down) + len(up) <= UNDOABLE_UP_TO
        told = {"least_margin": least_margin, "held": held, "released": released}
        rows = {"down": down, "up": up} if undoable else {}
        entry = audit(
            "pairs.regate", by=seat.person, now=now, project=seat.project, subject=f"run {run.pk}", **told, **rows
        )
        _count(run, held - released)
        hold_all_contradictions(run.project_id, pairs=up)
    return Regated(held, released, entry.pk, undoable)


def undo_regate(seat: Seat, *, entry: int, now: datetime) -> Regated:
    """Puts back what a `regate` moved and nobody has since. `PairNotFoundError`, `PairError` "not_undoable" or
    "judge_fooled"."""
    check_can_keep_pairs(seat)
    found = AuditEntry.objects.filter(project=seat.project, pk=entry, action="pairs.regate").first()
    if found is None:
        raise PairNotFoundError("not_found")
    if "down" not in found.detail:
        raise PairError("not_undoable")
    with transaction.atomic():
        run = _run(seat, int(found.subject.removeprefix("run ")))
        if is_fooled(run):
            raise PairError(FOOLED)
        rows = PreferencePair.objects.filter(run=run)
        released = _moved(
            found.detail["down"], of=rows.filter(state=State.HELD_BACK, reason=BELOW), to=State.EXPORTABLE, reason=""
        )
        held = _moved(
            found.detail["up"], of=rows.filter(state=State.EXPORTABLE, source__in=JUDGED), to=State.HELD_BACK,
            reason=BELOW,
        )  # fmt: skip
        told = {"undoes": entry, "held": held, "released": released}
        made = audit("pairs.undo_regate", by=seat.person, now=now, project=seat.project, subject=found.subject, **told)
        _count(run, held - released)
        hold_all_contradictions(run.project_id, pairs=found.detail["down"])
    return Regated(held, released, made.pk, undoable=False)


def _run(seat: Seat, run_id: int) -> Run:
    found = Run.objects.in_project(seat.project).filter(pk=run_id).first()
    if found is None:
        raise PairNotFoundError("not_found")
    return found


def _scales(run: Run) -> list[tuple[float, float]]:
    """The scales of the run's scores, as far as they are known."""
    rows = _judged(run).order_by().values_list("meta__judge__low", "meta__judge__high").distinct()
    return sorted({(float(low), float(high)) for low, high in rows[:_MOST_SCALES] if None not in (low, high)})


def _last(seat: Seat, run: Run) -> int | None:
    """The latest change of this kind, unless it was undone or is too large for it."""
    rows = AuditEntry.objects.filter(project=seat.project, subject=f"run {run.pk}", action__startswith="pairs.")
    entry = rows.filter(action__in=("pairs.regate", "pairs.undo_regate")).order_by("-pk").first()
    return entry.pk if entry and entry.action == "pairs.regate" and "down" in entry.detail else None


def _judged(run: Run) -> QuerySet[PreferencePair]:
    return PreferencePair.objects.filter(run=run, source__in=JUDGED, margin__isnull=False)


def _below(run: Run, least: float) -> QuerySet[PreferencePair]:
    return _judged(run).filter(state=State.EXPORTABLE, margin__lt=least - _TINY)


def _above(run: Run, least: float) -> QuerySet[PreferencePair]:
    rows = _judged(run).filter(state=State.HELD_BACK, reason=BELOW, margin__gte=least - _TINY)
    fooled = fooled_runs(run.project_id)  # another run's judge may have spoken of these pairs since
    return rows.exclude(rests_on(fooled)) if fooled else rows


def _moved(ids: Sequence[int], *, of: QuerySet[PreferencePair], to: str, reason: str) -> int:
    """The rows of `of` among these ids in their new state, in statements of a size that databases take."""
    count = 0
    for start in range(0, len(ids), _AT_ONCE):
        rows = of.filter(pk__in=ids[start : start + _AT_ONCE])
        count += rows.update(state=to, reason=reason, version=F("version") + 1)
    return count


def _count(run: Run, held: int) -> None:
    moves = {State.HELD_BACK.value: held, State.EXPORTABLE.value: -held}
    count_moves(run.project_id, kind="pair", moves=moves, shard=run.pk)
