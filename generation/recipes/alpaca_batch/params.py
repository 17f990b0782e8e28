"""What a person may set for a run of Alpaca batches."""

from __future__ import annotations

from math import ceil
from typing import Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.recipes.sifting import (
    ApprovedNovelty,
    FewestWords,
    LanguageProfile,
    MostWords,
    NoveltyThreshold,
    RougeCompat,
    check_words,
)
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
    novelty_threshold: NoveltyThreshold = 0.7
    approved_novelty: ApprovedNovelty = "drop"
    rouge_compat: RougeCompat = False
    min_words: FewestWords = 4
    max_words: MostWords = 150
    language_profile: LanguageProfile = "auto"
    temperature: float = Field(1.0, ge=0.0, le=2.0, title=N_("Temperature"))
    reply_tokens: int = Field(3072, ge=256, le=32_768, title=N_("Most tokens of a reply"))

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        check_words(self.min_words, self.max_words)
        return self

    @property
    def expected_calls(self) -> int:
        """The calls that bring the target if as many tasks stay as expected."""
        return ceil(round(self.target / (self.tasks_per_call * self.acceptance), 9))
