"""Alpaca's way (Stanford Alpaca, after arXiv 2212.10560): many whole tasks in one call, from three seeds.

One call brings instruction, input and output of twenty tasks. Unlike the project's code the reply has no stop text:
its "20." cut every text that held one. Language rules follow the language of the examples.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from generation.recipes.alpaca_batch import params
from generation.recipes.alpaca_batch.batch import Batch, most_calls, used_up
from generation.recipes.base import RecipeParams, Source, Stage
from generation.types import N_, PoolView, Stock


class AlpacaBatch:
    """One stage: a call, and a sample for each task in its reply."""

    name = "alpaca_batch"
    title = N_("Alpaca batch")
    summary = N_("Asks for twenty whole tasks a call, from three of your seeds, and keeps the novel ones.")
    paper = "https://github.com/tatsu-lab/stanford_alpaca"
    needs_model = True
    makes = "instructions"
    reads: tuple[tuple[Source, ...], ...] = (("seeds",),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Batch(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Any."""
        return {}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """From every task staying up to the number of calls at which a run gives up."""
        return (ceil(params.target / params.tasks_per_call), most_calls(params)) if stock.seeds else (0, 0)

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether the target is reached or no call would bring it nearer, and none is on its way."""
        if len(pool.admitted.get(Batch.name, ())) >= params.target:
            return True
        in_flight = pool.planned.get(Batch.name, 0) - pool.finished.get(Batch.name, 0)
        return not in_flight and used_up(pool, params)

    def goal(self, params: Any) -> tuple[str, int]:
        """As many samples as wanted."""
        return Batch.name, params.target

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Samples up to the target."""
        return bool(admitted < params.target)


RECIPE = AlpacaBatch()
