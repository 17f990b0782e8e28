"""Self-Instruct (arXiv 2212.10560): new instructions out of a few seeds, then examples of each.

Admission stands between the two stages, so nothing is paid for the examples of an instruction that is dropped.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.self_instruct import params
from generation.recipes.self_instruct.instances import Instances
from generation.recipes.self_instruct.invent import NEW_PER_CALL, Invent, most_calls, used_up
from generation.types import N_, PoolView, Stock


class SelfInstruct:
    """Stage one invents instructions; stage two tells their kind and writes examples."""

    name = "self_instruct"
    title = N_("Self-Instruct")
    summary = N_("Invents new instructions from your seeds, keeps the novel ones and writes examples for each.")
    paper = "https://arxiv.org/abs/2212.10560"
    needs_model = True
    makes = "instructions"
    reads: tuple[tuple[Source, ...], ...] = (("seeds",),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Invent(), Instances())

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot."""
        return {"classification_only": slot in ("self_instruct.invent_classification", "self_instruct.output_first")}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """From seven new instructions a call down to one; then one or two calls for each instruction."""
        if not stock.seeds:
            return 0, 0
        each = 1 if params.classification_only else 2
        return ceil(params.target / NEW_PER_CALL) + each * params.target, most_calls(params) + each * params.target

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every admitted instruction has its task and no more will be invented."""
        admitted = len(pool.admitted.get(Invent.name, ()))
        if pool.planned.get(Instances.name, 0) < admitted:
            return False
        if admitted >= params.target:
            return True
        in_flight = pool.planned.get(Invent.name, 0) - pool.finished.get(Invent.name, 0)
        return not in_flight and used_up(pool, params)

    def goal(self, params: Any) -> tuple[str, int]:
        """As many new instructions as wanted; how many examples they bring is nobody's to promise."""
        return Invent.name, params.target

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Instructions up to the target; every example of theirs."""
        return stage != Invent.name or admitted < params.target


RECIPE = SelfInstruct()
