"""Input inversion (the Flan Collection, arXiv 2301.13688): rows (x, y) turned round into (y, x).

No language model takes part: the words of both sides are those of the row, the request for the other is a template.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.input_inversion.invert import Invert
from generation.recipes.input_inversion.params import Params
from generation.types import N_, PoolView, Stock


class InputInversion:
    """One stage, one task for each row."""

    name = "input_inversion"
    title = N_("Input inversion")
    summary = N_(
        "Turns rows round: from the answer to the question, from a reply to the turn before it, between question, "
        "rationale and answer, and translations the other way. Uses no language model."
    )
    paper = "https://arxiv.org/abs/2301.13688"
    needs_model = False
    makes = "rows"
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = Params
    stages: tuple[Stage, ...] = (Invert(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot."""
        return {"least_answer": 1, "least_inputs": 1}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """None at all."""
        return 0, 0

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every row had its turn, or as many samples as wanted were admitted."""
        if params.max_rows and len(pool.admitted.get(Invert.name, ())) >= params.max_rows:
            return True
        return pool.planned.get(Invert.name, 0) >= Invert().rows(pool)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """`max_rows` samples where it is set."""
        return (Invert.name, params.max_rows) if params.max_rows else None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Every row, up to `max_rows` where it is set."""
        return not params.max_rows or admitted < params.max_rows


RECIPE = InputInversion()
