"""A run's money: kept back before a call is sent, settled when it is known what the call cost."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import F

from generation.engine.ledger import DONE, HALTED, Outcome
from generation.models import Run

_GRANT = (
    "UPDATE generation_run SET reserved_micro = reserved_micro + %s WHERE id = %s AND state = 'running' AND "
    "(budget_micro IS NULL OR spent_micro + reserved_micro + maybe_billed_micro + %s <= budget_micro)"
)
_SETTLE = (
    "UPDATE generation_run SET reserved_micro = reserved_micro + %s, spent_micro = spent_micro + %s, "
    "maybe_billed_micro = maybe_billed_micro + %s WHERE id = %s"
)


def grant(run_id: int, *, asked: Sequence[int]) -> list[Outcome]:
    """Keeps money back for calls that want to be sent, in order; what the budget still holds decides.

    Nothing is granted once the run is no longer running. Call it inside the transaction that writes the calls down.
    """
    total = sum(asked)
    if not total and Run.objects.filter(pk=run_id, state=Run.State.RUNNING).exists():
        return [DONE] * len(asked)
    if total:
        with connection.cursor() as cursor:
            cursor.execute(_GRANT, [total, run_id, total])
            if cursor.rowcount:
                return [DONE] * len(asked)
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state != Run.State.RUNNING:
        return [HALTED] * len(asked)
    return _one_by_one(run, asked)


def _one_by_one(run: Run, asked: Sequence[int]) -> list[Outcome]:
    left = (run.budget_micro or 0) - run.spent_micro - run.reserved_micro - run.maybe_billed_micro
    outcomes, granted = [], 0
    for amount in asked:
        if amount <= left - granted:
            granted += amount
            outcomes.append(DONE)
        else:
            outcomes.append(Outcome("over_budget", run.reserved_micro + granted))
    if granted:
        Run.objects.filter(pk=run.pk).update(reserved_micro=F("reserved_micro") + granted)
    return outcomes


def settle(run_id: int, *, reserved: int, spent: int, maybe_billed: int) -> None:
    """Moves the run's sums by these differences (micro-units)."""
    if reserved or spent or maybe_billed:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [reserved, spent, maybe_billed, run_id])
