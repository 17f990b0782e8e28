"""Scores of samples by a judge: complexity and quality after Deita (arXiv 2312.15685), or a rubric of one's own.

A score is a whole number on its declared scale. What cannot be read, or lies off the scale, is no score: it is dropped
with its reason, never clamped and never guessed.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.quality_scoring import params
from generation.recipes.quality_scoring.scoring import COMPLEXITY, QUALITY, RUBRIC, Scores
from generation.types import N_, PoolView, Stock


class QualityScoring:
    """One stage, one task for each sample, its aspects asked side by side."""

    name = "quality_scoring"
    title = N_("Quality and complexity scores")
    summary = N_("Has a judge score your samples from 1 to 6 for complexity and quality, or by a rubric of your own.")
    paper = "https://arxiv.org/abs/2312.15685"
    needs_model = True
    makes = "scores"
    reads: tuple[tuple[Source, ...], ...] = (("samples",),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Scores(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot."""
        if slot == RUBRIC.name:
            return {"aspect": "helpfulness", "rubric": params.EXAMPLE_RUBRIC}
        return {"complexity": slot == COMPLEXITY.name, "quality": slot == QUALITY.name}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """One for each sample and aspect; a sample without an answer is asked for its complexity alone."""
        aspects = params.complexity + params.quality + bool(params.aspect)
        return stock.samples * params.complexity, stock.samples * aspects

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every sample had its turn."""
        return pool.planned.get(Scores.name, 0) >= len(pool.samples)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """All samples are the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Every score that could be read."""
        return True


RECIPE = QualityScoring()
