"""The seeds themselves as samples of round 0, where they are to be kept."""

from __future__ import annotations

from typing import Any

from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.evol_instruct.answer import CHECKS, answered, scored
from generation.recipes.evol_instruct.roots import kept_for_evaluation, roots
from generation.recipes.evol_instruct.rounds import ORIGINALS
from generation.recipes.material import material_of
from generation.types import PoolView, Score, Task


class Originals:
    """One task for each seed in the first wave. Its own output is kept; only one without is asked for."""

    name = ORIGINALS
    prompts: tuple[PromptSlot, ...] = ()
    checks: tuple[str, ...] = CHECKS
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """All seeds at once. Samples that are evolved are there already."""
        params = context.params
        if not params.keep_originals or pool.planned.get(self.name):
            return []
        rows = roots(pool, language=context.language)
        evaluation = kept_for_evaluation([row.family for row in rows], share=params.evaluation_share)
        return [
            {
                "row": row.material.payload(),
                "root": row.key,
                "family": row.family,
                "evaluation": row.family in evaluation,
            }
            for row in rows
            if row.is_seed
        ]

    def work(self, task: Task, context: Context) -> Work:
        """No call, or one for the answer; another for the difficulty where it is wanted."""
        row, payload = material_of(task.payload["row"]), task.payload
        asked = {"instruction": row.task, "language": row.language}
        output, reason = row.output, ""
        if not output:
            output, reason = yield from answered(asked, context)
        scores: dict[str, Score] = {}
        notes: list[str] = []
        if not reason and context.params.score_difficulty:
            scores, notes = yield from scored(asked, context)
        failure = {"failure": output} if reason == "call_failed" else {}
        return [
            row.draft(
                output="" if failure else output,
                evaluation=payload["evaluation"],
                data={"root": payload["root"], "family": payload["family"], "round": 0, "notes": notes, **failure},
                counted={"round": "0"},
                scores=scores,
                drop_reason=reason,
            )
        ]
