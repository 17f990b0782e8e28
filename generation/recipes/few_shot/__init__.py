"""Few-shot construction: rows of a table become instructions of the form task description, examples, specific input.

No language model takes part. Lesson 1 of the course that FDC follows; template variety after FLAN (arXiv 2109.01652).
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.few_shot import params
from generation.recipes.few_shot.construct import Construct
from generation.types import N_, PoolView, Stock


class FewShot:
    """One stage, one task for each row and direction."""

    name = "few_shot"
    title = N_("Few-shot construction")
    summary = N_("Turns the rows of a table into instructions with worked examples. Uses no language model.")
    paper = "https://arxiv.org/abs/2109.01652"
    needs_model = False
    makes = "rows"
    reads: tuple[tuple[Source, ...], ...] = (("seeds",),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Construct(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot and no other ("few_shot.qa.2")."""
        _, kind, number = slot.split(".")
        weights = ["1" if str(each) == number else "0" for each in range(1, params.TEMPLATES + 1)]
        return {"task_type": kind.removesuffix("_context"), "template_weights": weights}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """None at all."""
        return 0, 0

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every row has its tasks, or as many samples as wanted were admitted."""
        if params.max_rows and len(pool.admitted.get(Construct.name, ())) >= params.max_rows:
            return True
        return not Construct().remaining(pool, params)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """`max_rows` samples where it is set."""
        return (Construct.name, params.max_rows) if params.max_rows else None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Every row, up to `max_rows` where it is set."""
        return not params.max_rows or admitted < params.max_rows


RECIPE = FewShot()
