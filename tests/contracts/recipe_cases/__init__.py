"""One file a recipe, named like it; `CASES` is the list that the contract tests walk beside `RECIPES`."""

from __future__ import annotations

from tests.contracts.recipe_cases import (
    alpaca_batch,
    document_qa,
    domain_generation,
    evol_instruct,
    few_shot,
    self_instruct,
)
from tests.contracts.recipe_cases.base import Case

CASES: dict[str, Case] = {
    "alpaca_batch": alpaca_batch.CASE,
    "document_qa": document_qa.CASE,
    "domain_generation": domain_generation.CASE,
    "evol_instruct": evol_instruct.CASE,
    "few_shot": few_shot.CASE,
    "self_instruct": self_instruct.CASE,
}
