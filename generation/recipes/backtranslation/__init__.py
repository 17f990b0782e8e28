"""Instruction backtranslation (arXiv 2308.06259): good texts become outputs, and the requests for them are found.

The paper trains a backward model on seeds and curates with the model that it trains next. Nothing is trained here: a
prompt stands in for the backward model, and the second judge learns from the first by examples in its prompt. What
comes of it is a substitute, and its texts say so.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.backtranslation import params
from generation.recipes.backtranslation.augment import AUGMENT, Augment
from generation.recipes.backtranslation.curate import CURATE, RECURATE, Curate, Recurate, is_settled, waiting
from generation.recipes.base import RecipeParams, Source, Stage
from generation.types import N_, PoolView, Stock


class Backtranslation:
    """Three stages: requests for segments, a first judge, and a second who has seen what the first made of them."""

    name = "backtranslation"
    title = N_("Backtranslation")
    summary = N_(
        "Takes good passages of your documents as answers, finds the request for each and keeps the best pairs. A "
        "prompt stands in for the trained backward model of the paper."
    )
    paper = "https://arxiv.org/abs/2308.06259"
    needs_model = True
    makes = "instructions"
    reads: tuple[tuple[Source, ...], ...] = (("documents",),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Augment(), Curate(), Recurate())

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The second judge is asked in two iterations only."""
        return {"iterations": "2" if slot == RECURATE else "1", "unheaded": True, "shortest": 50}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """Segments times one and the iterations: none, where no document holds one, up to as many as fit the text."""
        segments = min(params.segments, stock.characters // params.shortest)
        return 0, segments * (1 + int(params.iterations))

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Once every segment was judged as often as wanted; at once where there is none."""
        if not pool.planned.get(AUGMENT):
            return pool.wave > 0
        return is_settled(pool) and not waiting(pool, params)

    def goal(self, params: Any) -> None:
        """All segments are the goal."""
        return

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that scores high enough."""
        return True


__all__ = ["CURATE", "RECIPE"]
RECIPE = Backtranslation()
