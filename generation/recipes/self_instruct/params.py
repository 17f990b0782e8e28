"""What a person may set for a Self-Instruct run."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
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
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature when inventing"))
    instance_tokens: int = Field(350, ge=64, le=4096, title=N_("Most tokens for the samples of an instruction"))

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if self.machine_examples > self.in_context:
            raise ValueError("machine_examples_over_in_context")
        if self.min_words > self.max_words:
            raise ValueError("min_words_over_max_words")
        return self
