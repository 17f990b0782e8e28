"""A run's money: kept back before a call is sent, settled when it is known what the call cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from generation.engine.ledger import DONE, HALTED, Outcome
from generation.models import Run
from generation.types import Usage

_GRANT = (
    "UPDATE generation_run SET reserved_micro = reserved_micro + %s WHERE id = %s AND state = 'running' AND "
    "(budget_micro IS NULL OR spent_micro + reserved_micro + maybe_billed_micro + %s <= budget_micro)"
)
_SETTLE = (
    "UPDATE generation_run SET reserved_micro = reserved_micro + %s, spent_micro = spent_micro + %s, "
    "maybe_billed_micro = maybe_billed_micro + %s WHERE id = %s"
)
_SUMS = (
    "calls", "tokens_in", "tokens_out", "cached_tokens", "thinking_tokens", "cost_micro", "reused", "saved_micro",
)  # fmt: skip
_ADD = (
    f"INSERT INTO generation_spend (run_id, day, stage, model, {', '.join(_SUMS)}) "
    f"VALUES (%s, %s, %s, %s, {', '.join(['%s'] * len(_SUMS))}) ON CONFLICT (run_id, day, stage, model) DO UPDATE SET "
    + ", ".join(f"{name} = generation_spend.{name} + excluded.{name}" for name in _SUMS)
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


def add_spends(run_id: int, *, day: date, sums: Mapping[tuple[str, str], Mapping[str, int]]) -> None:
    """Adds to the day's sums of each (stage, model). Call it late in the transaction: workers share the rows."""
    rows: list[tuple[Any, ...]] = [
        (run_id, day, stage, model, *(moves.get(name, 0) for name in _SUMS))
        for (stage, model), moves in sorted(sums.items())
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)


def spend_of(*, usage: Usage, cost: int) -> Counter[str]:
    """What one settled call adds to its sums."""
    return Counter(
        calls=1, tokens_in=usage.prompt_tokens, tokens_out=usage.completion_tokens, cached_tokens=usage.cached_tokens,
        thinking_tokens=usage.thinking_tokens, cost_micro=cost,
    )  # fmt: skip
