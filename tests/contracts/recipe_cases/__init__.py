"""One file a recipe, named like it; `CASES` is the list that the contract tests walk beside `RECIPES`."""

from __future__ import annotations

from tests.contracts.recipe_cases import (
    alpaca_batch,
    backtranslation,
    complex_from_simple,
    constitutional,
    conversations,
    document_qa,
    domain_generation,
    evol_instruct,
    few_shot,
    flan_templates,
    generate_pairs,
    input_inversion,
    long_context,
    model_comparison,
    prompt_optimisation,
    quality_scoring,
    rank_responses,
    self_instruct,
)
from tests.contracts.recipe_cases.base import Case

CASES: dict[str, Case] = {
    "alpaca_batch": alpaca_batch.CASE,
    "backtranslation": backtranslation.CASE,
    "complex_from_simple": complex_from_simple.CASE,
    "constitutional": constitutional.CASE,
    "conversations": conversations.CASE,
    "document_qa": document_qa.CASE,
    "domain_generation": domain_generation.CASE,
    "evol_instruct": evol_instruct.CASE,
    "few_shot": few_shot.CASE,
    "flan_templates": flan_templates.CASE,
    "generate_pairs": generate_pairs.CASE,
    "input_inversion": input_inversion.CASE,
    "long_context": long_context.CASE,
    "model_comparison": model_comparison.CASE,
    "prompt_optimisation": prompt_optimisation.CASE,
    "quality_scoring": quality_scoring.CASE,
    "rank_responses": rank_responses.CASE,
    "self_instruct": self_instruct.CASE,
}
