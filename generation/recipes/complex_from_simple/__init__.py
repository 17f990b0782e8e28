"""Complex from simple (arXiv 2404.15846): constraints are added to simple instructions, a student answers, a teacher
mends what rules find wanting, one constraint at a time.

Every correction is a preference: the text before it is rejected, the final one chosen. The final text is verified
again before anything is kept, which the published code leaves out.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import Part, RecipeParams, Source, Stage
from generation.recipes.complex_from_simple import params
from generation.recipes.complex_from_simple.answers import KEYWORDS, TEACHER, Answers, tasks_of
from generation.types import N_, PoolView, Stock


class ComplexFromSimple:
    """One stage, one task for each row and draw of constraints. The run's own model is the student."""

    name = "complex_from_simple"
    title = N_("Complex from simple")
    summary = N_(
        "Adds constraints that rules can verify, corrects the answers that miss them, and keeps both as pairs."
    )
    paper = "https://arxiv.org/abs/2404.15846"
    needs_model = True
    makes = "answers"
    own_title = N_("Student model")
    parts = (
        Part(TEACHER, N_("Teacher model"), N_("Corrects what rules find wanting, and names fitting keywords.")),
    )  # fmt: skip
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Answers(),)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """Every run uses every slot but that of the keywords."""
        return {"ask_for_keywords": True} if slot == KEYWORDS.name else {}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """The student's answer at least; keywords where a constraint needs some, and a correction for each failure."""
        tasks = stock.tasks * params.draws
        tasks = min(tasks, params.most_rows) if params.most_rows else tasks
        return tasks, tasks * (1 + params.ask_for_keywords + params.most_constraints)

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every row had its draws."""
        return pool.planned.get(Answers.name, 0) >= tasks_of(pool, params)

    def goal(self, params: Any) -> tuple[str, int] | None:
        """All rows are the goal."""
        return None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """All that passes the checks."""
        return True


RECIPE = ComplexFromSimple()
