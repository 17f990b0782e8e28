"""Which round a run is in, by what the pool shows: rounds go in step over all rows, so that plans follow from it."""

from __future__ import annotations

from typing import Any

from generation.recipes.evol_instruct.roots import roots
from generation.types import AdmittedView, PoolView

EVOLVE = "evol_instruct.evolve"
ANSWER = "evol_instruct.answer"
ORIGINALS = "evol_instruct.originals"


def round_due(pool: PoolView, params: Any, *, rows: int) -> int:
    """The round (from 1) to be planned now; 0 while one is still under way, or when all were planned."""
    following = pool.planned.get(EVOLVE, 0) // rows + 1 if rows else 0
    return following if _settled(pool) and following <= params.rounds else 0


def rounds_over(pool: PoolView, params: Any) -> bool:
    """Whether every row went through all rounds and everything was answered; at once where there is no row."""
    found = roots(pool, language="en")
    if not found:
        return True
    originals = sum(root.is_seed for root in found) if params.keep_originals else 0
    evolved = pool.planned.get(EVOLVE, 0) >= len(found) * params.rounds
    return evolved and _settled(pool) and pool.finished.get(ORIGINALS, 0) >= originals


def latest(pool: PoolView) -> dict[str, AdmittedView]:
    """The youngest answered instruction of each line, by the key of its root."""
    return {view.draft.data["root"]: view for view in pool.admitted.get(ANSWER, ())}


def _settled(pool: PoolView) -> bool:
    """Whether all that was planned is decided, and all that was evolved has its answer planned."""
    answered = pool.planned.get(ANSWER, 0)
    return (
        pool.finished.get(EVOLVE, 0) >= pool.planned.get(EVOLVE, 0)
        and answered >= len(pool.admitted.get(EVOLVE, ()))
        and pool.finished.get(ANSWER, 0) >= answered
    )
