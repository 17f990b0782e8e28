"""What a person may set for a run of Evol-Instruct."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.recipes.sifting import ApprovedNovelty
from generation.types import N_

OPERATIONS = ("constraints", "deepening", "concretizing", "reasoning", "input", "breadth")
"""The five in-depth operations of the paper, and the in-breadth one."""


class Params(RecipeParams):
    """Defaults are those of the paper: four rounds, six operations drawn alike."""

    rounds: int = Field(4, ge=1, le=8, title=N_("Rounds"))
    constraints_weight: float = Field(1.0, ge=0, le=100, title=N_("Weight of: add a constraint"))
    deepening_weight: float = Field(1.0, ge=0, le=100, title=N_("Weight of: ask deeper"))
    concretizing_weight: float = Field(1.0, ge=0, le=100, title=N_("Weight of: make it concrete"))
    reasoning_weight: float = Field(1.0, ge=0, le=100, title=N_("Weight of: ask for more steps of reasoning"))
    input_weight: float = Field(1.0, ge=0, le=100, title=N_("Weight of: complicate the input"))
    breadth_weight: float = Field(1.0, ge=0, le=100, title=N_("Weight of: a new task of the same field"))
    evaluation_share: float = Field(
        0.0,
        ge=0,
        le=0.5,
        title=N_("Share of the families kept for evaluation"),
        description=N_("Drawn before anything is evolved. What descends from them is never exported for training."),
    )
    keep_originals: bool = Field(
        False,
        title=N_("Keep the originals as samples too"),
        description=N_("One without an output is answered first."),
    )
    score_difficulty: bool = Field(
        False, title=N_("Score the difficulty, 1 to 10"), description=N_("One more call for each sample.")
    )
    max_chars: int = Field(1000, ge=50, le=20_000, title=N_("Most characters of an evolved instruction"))
    approved_novelty: ApprovedNovelty = "off"
    temperature: float = Field(1.0, ge=0.0, le=2.0, title=N_("Temperature"))
    answer_tokens: int = Field(2048, ge=64, le=32_768, title=N_("Most tokens of an answer"))

    @model_validator(mode="after")
    def _some_weight(self) -> Self:
        if not any(self.weights):
            raise ValueError("some_operation_needs_weight")
        return self

    @property
    def weights(self) -> tuple[float, ...]:
        """One for each of `OPERATIONS`."""
        return tuple(getattr(self, f"{operation}_weight") for operation in OPERATIONS)
