"""FLAN-style templates: rows told in many ways, alone or behind examples, with options or without, with steps or not.

FLAN (arXiv 2109.01652), Scaling Instruction-Finetuned Language Models (2210.11416), the Flan Collection (2301.13688).
The four types are dealt by quota; what came out is counted and shown. No language model takes part unless somebody
wants its templates in more words than they have: then a model rephrases each of them before any row is told.
"""

from __future__ import annotations

from typing import Any

from generation.recipes.base import RecipeParams, Source, Stage
from generation.recipes.flan_templates import params
from generation.recipes.flan_templates.compose import Compose
from generation.recipes.flan_templates.params import KINDS, TEMPLATES
from generation.recipes.flan_templates.rephrase import SLOT, Rephrase
from generation.types import N_, PoolView, Stock


class FlanTemplates:
    """Templates are rephrased where that is wanted; then one task for each row."""

    name = "flan_templates"
    title = N_("FLAN templates")
    summary = N_(
        "Tells every row by one of ten templates of its kind: zero-shot and few-shot, with options and without, with a "
        "chain of thought where its steps are known. Uses no language model, unless you want the templates rephrased."
    )
    caution = N_(
        "FLAN's findings hold for general-domain data, and were mostly measured zero-shot and few-shot, not after "
        "fine-tuning for one task; whether the mix serves your own domain, only experiments tell."
    )
    paper = "https://arxiv.org/abs/2301.13688"
    needs_model = False
    makes = "rows"
    reads: tuple[tuple[Source, ...], ...] = (("seeds", "samples"),)
    Params: type[RecipeParams] = params.Params
    stages: tuple[Stage, ...] = (Rephrase(), Compose())

    def asks_model(self, params: Any) -> bool:
        """Only to have templates rephrased."""
        return bool(params.rephrasings)

    def params_showing(self, slot: str) -> dict[str, Any]:
        """The params under which a run uses the slot and no other."""
        return {"rephrasings": 2} if slot == SLOT.name else {"kind": slot.partition(".")[2]}

    def planned_calls(self, params: Any, stock: Stock) -> tuple[int, int]:
        """None at all, or one for each template: of one kind at least, of all kinds at most."""
        rows = stock.rows if params.rephrasings else 0
        return min(rows, 1), min(rows, len(KINDS)) * TEMPLATES

    def finished(self, pool: PoolView, params: Any) -> bool:
        """Whether every row had its turn, or as many samples as wanted were admitted."""
        if params.max_rows and len(pool.admitted.get(Compose.name, ())) >= params.max_rows:
            return True
        rows = sum(max(1, len(seed.instances)) if seed.instruction else 1 for seed in pool.seeds)
        rows += sum(1 for sample in pool.samples if sample.instruction)
        return pool.planned.get(Compose.name, 0) >= rows

    def goal(self, params: Any) -> tuple[str, int] | None:
        """`max_rows` samples where it is set."""
        return (Compose.name, params.max_rows) if params.max_rows else None

    def admits(self, stage: str, admitted: int, params: Any) -> bool:
        """Every row, up to `max_rows` where it is set."""
        return stage != Compose.name or not params.max_rows or admitted < params.max_rows


RECIPE = FlanTemplates()
