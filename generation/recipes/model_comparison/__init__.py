"""Two models answer the same prompts: the stronger one's answer is chosen where a judge agrees with it.

That a gap between models makes a gap between answers is a hypothesis: each pair is judged in both orders
(arXiv 2306.05685), and the page of the run says how often the judge agreed.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.answering import wanted
from generation.recipes.base import Part, RecipeParams, Source, Stage
from generation.recipes.judging import judge
from generation.recipes.model_comparison.compare import ANSWER, Compare, StepsIfVerified
from generation.recipes.model_comparison.params import Params
from generation.recipes.preferring import Canaries, judging_calls, showing, stuck
from generation.types import N_, PoolView, Stock

_STEPS = StepsIfVerified("model_comparison")
_COMPARE = Compare(_STEPS)


class ModelComparison:
    """Planted attacks first, then one task for each row."""

    name = "model_comparison"
    title = N_("Stronger against weaker model")
    summary = N_("Two models answer your prompts; a judge verifies in both orders that the stronger one did better.")
    paper = "https://arxiv.org/abs/2306.05685"
    needs_model = True
    makes = "preferences"
    own_title = N_("Stronger model")
    parts = (
        Part("low", N_("Weaker model"), N_("Its answer is rejected where the judge agrees."), required=True,
             unlike=True),
        Part("judge", N_("Judge"), N_("Best one that is neither of the two: models favour their own answers.")),
    )  # fmt: skip
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = Params
    first_params = ("judge", "verify", "prefers_low", "rubric", "scored", "temperature")
    stages: tuple[Stage, ...] = (_STEPS, Canaries("model_comparison.canaries", _COMPARE.verified, _STEPS), _COMPARE)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Every run asks for answers; each judge asks its own."""
        return {} if slot == ANSWER.name else showing(slot)

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """Two answers for each row, and the judge's calls for those that can be compared: n x (2 + 2)."""
        tasks = min(stock.tasks, params.most_rows) if params.most_rows else stock.tasks
        if not params.verify:
            return 2 * tasks, 2 * tasks
        beside, scored = judging_calls(params, tasks), 2 if params.scored and params.judge == "pairwise" else 0
        return 2 * tasks + beside, tasks * (2 + judge(params.judge).calls(2, params) + scored) + beside

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every row had its turn."""
        return stuck(_STEPS, pool, params) or pool.planned.get(Compare.name, 0) >= wanted(pool, params)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """All rows are the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes the checks."""
        return True


RECIPE = ModelComparison()
