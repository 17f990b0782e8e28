"""What a person may set for a run of complex from simple."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.quality.constraints import KINDS
from generation.recipes.base import RecipeParams
from generation.recipes.sifting import ApprovedNovelty
from generation.types import N_


class Params(RecipeParams):
    """Defaults are those of the paper wherever it has them."""

    least_constraints: int = Field(3, ge=1, le=6, title=N_("Fewest constraints"))
    most_constraints: int = Field(5, ge=1, le=6, title=N_("Most constraints"))
    draws: int = Field(
        1, ge=1, le=20, title=N_("Requests made of a row"), description=N_("Each has constraints of its own.")
    )
    left_out: list[str] = Field(
        [], title=N_("Constraints left out"), description=N_("Names, one a line: english_capital")
    )
    ask_for_keywords: bool = Field(True, title=N_("Ask the model for fitting keywords"))
    judging: Literal["strict", "loose"] = Field(
        "strict",
        title=N_("How constraints are verified"),
        description=N_("loose: opening and closing lines may be off."),
    )
    unmet: Literal["drop", "note"] = Field(
        "drop",
        title=N_("A final answer that still misses a constraint"),
        description=N_("note: kept, with the pairs of the constraints that it meets."),
    )
    approved_novelty: ApprovedNovelty = "off"
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature of the answers"))
    answer_tokens: int = Field(1024, ge=64, le=16_384, title=N_("Most tokens of an answer"))
    most_rows: int = Field(0, ge=0, le=2_000_000, title=N_("Most requests"), description=N_("0: all rows."))
    wave_size: int = Field(200, ge=1, le=10_000, title=N_("Requests in a wave"))

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if self.least_constraints > self.most_constraints:
            raise ValueError("least_constraints_over_most")
        known = {each.name for each in KINDS}
        unknown = sorted(set(self.left_out) - known)
        if unknown:
            raise ValueError("unknown_constraint: " + ", ".join(unknown))
        if len(known) - len(set(self.left_out)) < 3:
            raise ValueError("too_few_constraints_left")
        return self
