"""What a person may set for a run that conditions on entities."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.recipes.sifting import ApprovedNovelty
from generation.types import N_

MOST_CALLS = 100_000


class Params(RecipeParams):
    """`generate_times` and `random_seed_num` are the original's own names; their product is the number of calls."""

    generate_times: int = Field(
        20, ge=1, le=MOST_CALLS, title=N_("Rounds"), description=N_("Calls = rounds × calls in a round, exactly.")
    )
    random_seed_num: int = Field(
        3, ge=1, le=1000, title=N_("Calls in a round"), description=N_("A round draws without replacement.")
    )
    records_per_call: int = Field(3, ge=1, le=50, title=N_("Records wanted of a call"))
    entities_per_call: int = Field(1, ge=1, le=50, title=N_("Entities in a prompt"))
    seeds_per_call: int = Field(
        1, ge=1, le=20, title=N_("Samples in a prompt"), description=N_("All of one task type.")
    )
    entity_drawing: Literal["random", "stratified"] = Field(
        "random",
        title=N_("How entities are drawn"),
        description=N_("stratified: every entity as often as every other, to within one call."),
    )
    task_type_shares: list[str] = Field(
        [],
        title=N_("Shares of the task types"),
        description=N_("type=share, one a line, of the calls. Empty: as the seeds are drawn."),
    )
    only_terms: list[str] = Field(
        [],
        title=N_("Only these categories or terms"),
        description=N_("One a line: entities are drawn from these alone. Empty: from the whole vocabulary."),
    )
    surplus: Literal["keep", "trim"] = Field("keep", title=N_("Records beyond the number wanted"))
    max_output_chars: int = Field(
        0, ge=0, le=100_000, title=N_("Most characters of an output"), description=N_("0: any length.")
    )
    novelty_threshold: float = Field(
        0.7,
        ge=0.1,
        le=1.0,
        title=N_("Novelty threshold (ROUGE-L)"),
        description=N_("Drops what is more alike, instruction and input together. 1: nothing."),
    )
    approved_novelty: ApprovedNovelty = "drop"
    temperature: float = Field(0.8, ge=0.0, le=2.0, title=N_("Temperature"))
    max_tokens: int = Field(2048, ge=64, le=32_768, title=N_("Most tokens of a reply"))

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.generate_times * self.random_seed_num > MOST_CALLS:
            raise ValueError(f"generate_times_too_many_calls: {MOST_CALLS}")
        shares(self)
        return self

    @property
    def calls(self) -> int:
        """How many calls are planned and made, repairs of replies left out."""
        return self.generate_times * self.random_seed_num


def shares(params: Params) -> dict[str, float]:
    """Task type -> share of the calls; `ValueError` for a line that is no `type=share` with a positive number."""
    found: dict[str, float] = {}
    for line in params.task_type_shares:
        name, _sign, number = line.rpartition("=")
        try:
            share = float(number)
        except ValueError:
            share = 0.0
        if not name.strip() or not 0 < share < float("inf"):
            raise ValueError(f"task_type_shares_need_type_and_number: {line[:80]}")
        found[name.strip()] = found.get(name.strip(), 0.0) + share
    return found
