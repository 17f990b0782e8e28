"""Answers that are there already are ranked, by a judge, by scores that came with them or by rules, and paired
(InstructGPT, arXiv 2203.02155). What another run or a file left unverified or held back can be judged again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.judging import judge
from generation.recipes.judging.g_eval import Steps
from generation.recipes.preferring import Canaries, judging_calls, showing, stuck
from generation.recipes.rank_responses.params import Params
from generation.recipes.rank_responses.rank import Rank, wanted
from generation.types import N_, PoolView, Stock

_STEPS = Steps("rank_responses")
_RANK = Rank(_STEPS)


class OwnSteps:
    """The steps of G-Eval, asked of the run's own model: it is the judge."""

    name = _STEPS.name
    prompts = _STEPS.prompts
    checks = _STEPS.checks
    novel = _STEPS.novel

    def plan(self, pool: PoolView, context: Any) -> list[dict[str, Any]]:
        """The one task."""
        return _STEPS.plan(pool, context)

    def work(self, task: Any, context: Any) -> Any:
        """A draft that holds the steps."""
        return _STEPS.work(task, context, part="")


class RankResponses:
    """Planted attacks first, then one task for each prompt with its answers."""

    name = "rank_responses"
    title = N_("Rank answers that are there")
    summary = N_("Ranks imported or generated answers and makes pairs of them; judges unverified pairs again.")
    paper = "https://arxiv.org/abs/2203.02155"
    needs_model = True
    makes = "preferences"
    own_title = N_("Judge")
    reads: tuple[tuple[Source, ...], ...] = (("answers",),)
    Params: type[RecipeParams] = Params
    first_params = ("judge", "strategy", "rubric", "margin", "reference", "most_pairs")
    stages: tuple[Stage, ...] = (
        OwnSteps(), Canaries("rank_responses.canaries", _RANK.due, _STEPS, part=""), _RANK,
    )  # fmt: skip

    def asks_model(self, params: Any) -> bool:
        """Scores that came with the answers and rules need none."""
        return judge(params.judge).asks_model

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Each judge asks its own."""
        return showing(slot)

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """What the judge asks of the answers that the run takes; those that say the same are judged once."""
        chosen = judge(params.judge)
        if not chosen.asks_model:
            return 0, 0
        taken = replace(stock, answered=stock.answered[: params.most_rows or None])
        tasks = len(taken.answered)
        beside = judging_calls(params, tasks)
        if chosen.compares:
            calls = 2 * taken.answer_pairs
        elif chosen.name == "aspects":
            calls = tasks * chosen.calls(2, params)
        else:
            calls = chosen.calls(taken.answers, params)
        return beside, calls + beside

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every prompt had its turn."""
        return stuck(_STEPS, pool, params) or pool.planned.get(Rank.name, 0) >= wanted(pool, params)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """All prompts are the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes the checks."""
        return True


RECIPE = RankResponses()
