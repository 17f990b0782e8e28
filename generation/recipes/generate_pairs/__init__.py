"""Several candidates for each prompt, judged, and pairs made of them: best of n against worst (UltraFeedback, arXiv
2310.01377). Every candidate is kept with its score; equal scores never form a pair.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.answering import wanted
from generation.recipes.base import Part, RecipeParams, Source, Stage
from generation.recipes.generate_pairs.candidates import ANSWER, Candidates
from generation.recipes.generate_pairs.params import Params
from generation.recipes.judging import judge
from generation.recipes.judging.g_eval import Steps
from generation.recipes.preferring import Canaries, judging_calls, showing, stuck
from generation.types import N_, PoolView, Stock

_STEPS = Steps("generate_pairs")
_CANDIDATES = Candidates(_STEPS)
_FURTHER = N_("It takes turns with the others that are chosen."), False, False, N_("Empty: nobody has its turn.")


class GeneratePairs:
    """Planted attacks first, then one task for each row."""

    name = "generate_pairs"
    title = N_("Best and worst of several answers")
    summary = N_("One model or several answer each prompt several times; a judge ranks the answers and pairs are made.")
    paper = "https://arxiv.org/abs/2310.01377"
    needs_model = True
    makes = "preferences"
    own_title = N_("Model of the candidates")
    parts = (
        Part("second", N_("Second model"), *_FURTHER),
        Part("third", N_("Third model"), *_FURTHER),
        Part("fourth", N_("Fourth model"), *_FURTHER),
        Part("judge", N_("Judge"), N_("Best one that is none of the others: models favour their own answers.")),
    )
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = Params
    first_params = ("candidates", "judge", "strategy", "rubric", "temperature", "spread")
    stages: tuple[Stage, ...] = (_STEPS, Canaries("generate_pairs.canaries", _CANDIDATES.due, _STEPS), _CANDIDATES)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Every run asks for answers; each judge asks its own."""
        return {} if slot == ANSWER.name else showing(slot)

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """k answers for each row and what the judge asks of k: n x (k + k), n x (k + k (k - 1)) where it compares."""
        tasks = min(stock.tasks, params.most_rows) if params.most_rows else stock.tasks
        beside, k = judging_calls(params, tasks), params.candidates
        return tasks * k + beside, tasks * (k + judge(params.judge).calls(k, params)) + beside

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every row had its turn."""
        return stuck(_STEPS, pool, params) or pool.planned.get(Candidates.name, 0) >= wanted(pool, params)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """All rows are the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes the checks."""
        return True


RECIPE = GeneratePairs()
