"""Evol-Instruct (arXiv 2304.12244): instructions are made harder or moved to rarer ground, round by round.

A round is a wave of evolving, then a wave of answering. What is eliminated in either is dropped, and its parent goes
into the next round as it was. The released code has neither the fifth in-depth operation nor any elimination; the
paper has both, and so has this.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.evol_instruct import params
from generation.recipes.evol_instruct.answer import Answers
from generation.recipes.evol_instruct.evolve import Evolve
from generation.recipes.evol_instruct.originals import Originals
from generation.recipes.evol_instruct.rounds import rounds_over
from generation.types import N_, PoolView, Stock


class EvolInstruct:
    """Three stages: evolving, answering, and the originals where they are kept."""

    name = "evol_instruct"
    title = N_("Evol-Instruct")
    summary = N_("Makes your instructions harder or rarer, round by round, and answers those that really changed.")
    paper = "https://arxiv.org/abs/2304.12244"
    needs_model = True
    makes = "instructions"
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Evolve(), Answers(), Originals())

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Only one operation, where the slot is one's."""
        operation = slot.removeprefix("evol_instruct.")
        if operation in params.OPERATIONS:
            return {f"{each}_weight": float(each == operation) for each in params.OPERATIONS}
        return {"score_difficulty": operation == "difficulty"}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """Rounds times rows: from one call, when each is eliminated by a rule, up to evolve, judge and answer."""
        rows = stock.tasks
        scored = int(params.score_difficulty)
        originals = rows * (1 + scored) if params.keep_originals else 0
        return rows * params.rounds, rows * params.rounds * (3 + scored) + originals

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Once every row went through all rounds and every survivor was answered."""
        return rounds_over(pool, params)

    def goal(self, params: Any) -> None:
        """All rows are the goal."""
        return

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that is not eliminated."""
        return True


RECIPE = EvolInstruct()
