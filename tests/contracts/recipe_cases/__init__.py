"""One file a recipe, named like it; `CASES` is the list that the contract tests walk beside `RECIPES`."""

from __future__ import annotations

from tests.contracts.recipe_cases import (
    alpaca_batch,
    backtranslation,
    complex_from_simple,
    document_qa,
    domain_generation,
    evol_instruct,
    few_shot,
    flan_templates,
    long_context,
    self_instruct,
)
from tests.contracts.recipe_cases.base import Case

CASES: dict[str, Case] = {
    "alpaca_batch": alpaca_batch.CASE,
    "backtranslation": backtranslation.CASE,
    "complex_from_simple": complex_from_simple.CASE,
    "document_qa": document_qa.CASE,
    "domain_generation": domain_generation.CASE,
    "evol_instruct": evol_instruct.CASE,
    "few_shot": few_shot.CASE,
    "flan_templates": flan_templates.CASE,
    "long_context": long_context.CASE,
    "self_instruct": self_instruct.CASE,
}
