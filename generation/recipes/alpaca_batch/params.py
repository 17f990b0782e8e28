"""What a person may set for a run of Alpaca batches."""

from __future__ import annotations

from math import ceil
from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.types import N_


class Params(RecipeParams):
    """Defaults are those of the Alpaca project's code wherever it has them."""

    target: int = Field(40, ge=1, le=200_000, title=N_("New samples"))
    tasks_per_call: int = Field(20, ge=1, le=50, title=N_("Tasks asked for in a call"))
    in_context: int = Field(3, ge=1, le=10, title=N_("Seeds shown in a prompt"))
    acceptance: float = Field(
        0.7,
        ge=0.05,
        le=1.0,
        title=N_("Share of the tasks that is expected to stay"),
        description=N_("Plans the first calls; later ones go by what came."),
    )
    wave_size: int = Field(
        8,
        ge=1,
        le=256,
        title=N_("Calls in a wave"),
        description=N_("How many calls are planned before what was admitted is counted again."),
    )
    novelty_threshold: float = Field(
        0.7, ge=0.1, le=1.0, title=N_("Novelty threshold (ROUGE-L)"), description=N_("Drops what is more alike.")
    )
    rouge_compat: bool = Field(
        False,
        title=N_("Compare as rouge_score does"),
        description=N_("For comparison with published runs. Sees no Chinese."),
    )
    min_words: int = Field(4, ge=1, le=150, title=N_("Fewest words of an instruction"))
    max_words: int = Field(150, ge=1, le=2000, title=N_("Most words of an instruction"))
    language_profile: Literal["auto", "en", "zh", "any"] = Field(
        "auto",
        title=N_("Language of the instructions"),
        description=N_("auto: that of the examples in the prompt. any: no language rules."),
    )
    temperature: float = Field(1.0, ge=0.0, le=2.0, title=N_("Temperature"))
    reply_tokens: int = Field(3072, ge=256, le=32_768, title=N_("Most tokens of a reply"))

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if self.min_words > self.max_words:
            raise ValueError("min_words_over_max_words")
        return self

    @property
    def expected_calls(self) -> int:
        """The calls that bring the target if as many tasks stay as expected."""
        return ceil(round(self.target / (self.tasks_per_call * self.acceptance), 9))
