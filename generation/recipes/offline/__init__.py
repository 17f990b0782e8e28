"""Answers by rules alone: what the offline provider says at each stage of each recipe. No language model is used."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.recipes.json_replies import REPAIR
from generation.recipes.offline import (
    alpaca_batch,
    backtranslation,
    candidates,
    complex_from_simple,
    constitutional,
    conversations,
    document_qa,
    domain_generation,
    evol_instruct,
    few_shot,
    flan_templates,
    input_inversion,
    judging,
    prompt_optimisation,
    quality_scoring,
    self_instruct,
)

Rule = Callable[[Mapping[str, Any], random.Random], str]

RULES: Mapping[str, Rule] = {
    **alpaca_batch.RULES,
    **backtranslation.RULES,
    **candidates.RULES,
    **complex_from_simple.RULES,
    **constitutional.RULES,
    **conversations.RULES,
    **document_qa.RULES,
    **domain_generation.RULES,
    **evol_instruct.RULES,
    **few_shot.RULES,
    **flan_templates.RULES,
    **input_inversion.RULES,
    **judging.RULES,
    **prompt_optimisation.RULES,
    **quality_scoring.RULES,
    **self_instruct.RULES,
}
"""Every prompt slot that any recipe asks, with the rule that answers it in the slot's own reply format."""


def weak(stage: str, part: str) -> bool:
    """Whether the rule answers for the weaker of several models: it says less there."""
    return stage in candidates.RULES and part in candidates.WEAK


class UnknownStage(LookupError):  # noqa: N818 - the name says what is the matter
    """No rule answers that stage."""


def answer(stage: str, variables: Mapping[str, Any], *, random_seed: int) -> str:
    """The reply to a prompt, a function of its arguments alone; `UnknownStage` when nobody wrote a rule for it."""
    try:
        rule = RULES[stage.removesuffix(REPAIR)]
    except KeyError:
        raise UnknownStage(stage) from None
    return rule(variables, random.Random(f"{stage}:{random_seed}"))
