"""What a person may set for a Self-Instruct run."""

from __future__ import annotations

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
    """Defaults are those of the paper's code wherever it has them."""

    target: int = Field(20, ge=1, le=100_000, title=N_("New instructions"))
    wave_size: int = Field(
        8,
        ge=1,
        le=256,
        title=N_("Calls in a wave"),
        description=N_("How many inventing calls are planned before what was admitted joins the examples."),
    )
    in_context: int = Field(8, ge=1, le=16, title=N_("Examples in a prompt"))
    machine_examples: int = Field(2, ge=0, le=8, title=N_("Of these made by the model, at most"))
    classification_only: bool = Field(False, title=N_("Classification tasks only"))
    max_instances: int = Field(5, ge=1, le=10, title=N_("Samples of an instruction, at most"))
    novelty_threshold: NoveltyThreshold = 0.7
    approved_novelty: ApprovedNovelty = "drop"
    rouge_compat: RougeCompat = False
    min_words: FewestWords = 4
    max_words: MostWords = 150
    language_profile: LanguageProfile = "auto"
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature when inventing"))
    instance_tokens: int = Field(350, ge=64, le=4096, title=N_("Most tokens for the samples of an instruction"))

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if self.machine_examples > self.in_context:
            raise ValueError("machine_examples_over_in_context")
        check_words(self.min_words, self.max_words)
        return self
