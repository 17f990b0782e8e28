"""Ways of making drafts. One recipe is one file or folder; `RECIPES` is the list that everything else walks."""

from __future__ import annotations

from generation.recipes import (
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
from generation.recipes.base import Recipe

RECIPES: tuple[Recipe, ...] = (
    alpaca_batch.RECIPE,
    backtranslation.RECIPE,
    complex_from_simple.RECIPE,
    constitutional.RECIPE,
    conversations.RECIPE,
    document_qa.RECIPE,
    domain_generation.RECIPE,
    evol_instruct.RECIPE,
    few_shot.RECIPE,
    flan_templates.RECIPE,
    generate_pairs.RECIPE,
    input_inversion.RECIPE,
    long_context.RECIPE,
    model_comparison.RECIPE,
    prompt_optimisation.RECIPE,
    quality_scoring.RECIPE,
    rank_responses.RECIPE,
    self_instruct.RECIPE,
)

_BY_NAME = {each.name: each for each in RECIPES}


class UnknownRecipe(LookupError):  # noqa: N818 - the name says what is the matter
    """No recipe has that name."""


def recipe(name: str) -> Recipe:
    """The recipe called `name`; `UnknownRecipe` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownRecipe(name) from None
