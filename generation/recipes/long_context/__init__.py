"""Rows with a long context: a question whose answer stands in one of many passages, at an evenly dealt place.

Models find what stands at the beginning and the end of a context and overlook its middle (arXiv 2307.03172). Training
rows whose answer stands everywhere alike teach no such habit. No language model takes part: questions and evidence come
from samples that were made from documents.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.long_context import params
from generation.recipes.long_context.place import Place
from generation.types import N_, PoolView, Stock


class LongContext:
    """One stage, one task for each sample."""

    name = "long_context"
    title = N_("Long context")
    summary = N_("Puts the passage that answers among others, at every place alike. Uses no language model.")
    paper = "https://arxiv.org/abs/2307.03172"
    needs_model = False
    makes = "rows"
    reads: tuple[tuple[Source, ...], ...] = (("samples",), ("documents",))
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Place(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot ("long_context.both")."""
        return {"question_at": slot.rpartition(".")[2]}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """None at all."""
        return 0, 0

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every sample had its turn, or as many rows as wanted were admitted."""
        if params.max_rows and len(pool.admitted.get(Place.name, ())) >= params.max_rows:
            return True
        return pool.planned.get(Place.name, 0) >= len(pool.samples)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """`max_rows` samples where it is set."""
        return (Place.name, params.max_rows) if params.max_rows else None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Every sample, up to `max_rows` where it is set."""
        return not params.max_rows or admitted < params.max_rows


RECIPE = LongContext()
