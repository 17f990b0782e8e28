"""Prompt optimisation (OPRO, arXiv 2309.03409): a model proposes instructions from those that were tried and how they
scored; each is scored on rows, and the best are shown when the next are asked for.

A step is planned when the one before it is decided: proposals in one wave, their scores two waves later. So the outcome
depends on replies alone, whoever works the calls. What people approve cannot be asked of a model: by that objective a
run proposes once from the approval rates of earlier prompt versions, and the next run knows more.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.prompt_optimisation import params
from generation.recipes.prompt_optimisation.course import course_of
from generation.recipes.prompt_optimisation.proposing import Propose
from generation.recipes.prompt_optimisation.rows import shares
from generation.recipes.prompt_optimisation.scoring import JUDGE, ScoreTexts
from generation.types import N_, PoolView, Stock


class PromptOptimisation:
    """One stage scores, on training rows and the best so far on rows that were held out; the other proposes."""

    name = "prompt_optimisation"
    title = N_("Prompt optimisation (OPRO)")
    summary = N_("Searches for the instruction that scores best on your rows, or by what people approved.")
    paper = "https://arxiv.org/abs/2309.03409"
    needs_model = True
    makes = "scores"
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    weighs_prompts = True
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (ScoreTexts(), Propose())

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot."""
        return {"objective": "judge"} if slot == JUDGE.name else {}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """Steps × candidates × (1 + training rows), the first instructions, and an evaluation every few steps.

        A judge is one more call for each answer. At least: proposals alone, until nothing was gained for long enough.
        """
        if not stock.tasks:
            return 0, 0
        if params.objective == "approval":
            return params.candidates, params.candidates
        train, held_out = shares(stock.tasks, params)
        each = 2 if params.objective == "judge" else 1
        evaluations = 2 + params.steps // params.evaluate_every if held_out else 0
        scored = (params.steps * params.candidates + len(params.first())) * train
        most = params.steps * params.candidates + each * (scored + evaluations * held_out)
        return min(params.steps, params.patience) * params.candidates, most

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether the search is over and its best instruction was evaluated."""
        return course_of(pool, params).over

    def goal(self, params: Any) -> tuple[str, int] | None:
        """As good as can be found: no number of drafts is the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes."""
        return True


RECIPE = PromptOptimisation()
