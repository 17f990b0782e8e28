"""Constitutional critique and revision (arXiv 2212.08073): an answer is criticised under a principle, then revised.

Each revision has a principle of its own, drawn from a list that people write; the last revision becomes the sample.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.constitutional.params import Params
from generation.recipes.constitutional.revise import Revise, rows_of
from generation.types import N_, PoolView, Stock


class Constitutional:
    """One stage, one task for each row."""

    name = "constitutional"
    title = N_("Constitutional revision")
    summary = N_("Criticises an answer under one of your principles and revises it; first and last can become a pair.")
    paper = "https://arxiv.org/abs/2212.08073"
    needs_model = True
    makes = "answers"
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = Params
    stages: tuple[Stage, ...] = (Revise(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot."""
        return {"first_answer": "ask"}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """n x (1 + 2 x revisions); the first is saved for a row whose own answer is revised."""
        each = 2 * params.revisions
        return stock.tasks * (each + (params.first_answer == "ask")), stock.tasks * (1 + each)

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Once every row had its turn."""
        return pool.planned.get(Revise.name, 0) >= rows_of(pool)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """None: the rows are the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes the checks."""
        return True


RECIPE = Constitutional()
