"""What may be set for checks, declared once: the web form, the command's options and the API are made from it."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from generation.types import N_


class CheckSettings(BaseModel):
    """The bounds of the checks that have any, all inclusive. A profile and a language may bring other defaults."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    instruction_least: int = Field(10, ge=0, le=1_000_000, title=N_("Fewest characters of an instruction"))
    instruction_most: int = Field(1000, ge=1, le=1_000_000, title=N_("Most characters of an instruction"))
    output_least: int = Field(20, ge=0, le=1_000_000, title=N_("Fewest characters of an output"))
    output_most: int = Field(4000, ge=1, le=1_000_000, title=N_("Most characters of an output"))
    min_chars: int = Field(10, ge=1, le=10_000, title=N_("Fewest characters of a new instruction"))
    max_chars: int = Field(1000, ge=1, le=100_000, title=N_("Most characters of a new instruction"))
    min_words: int = Field(4, ge=1, le=1000, title=N_("Fewest words of a new instruction"))
    max_words: int = Field(150, ge=1, le=10_000, title=N_("Most words of a new instruction"))

    min_row_words: int = Field(10, ge=0, le=100_000, title=N_("Fewest words of a row"))
    max_row_words: int = Field(2000, ge=1, le=10_000_000, title=N_("Most words of a row"))
    min_unique_words: float = Field(0.3, ge=0, le=1, title=N_("Least share of different words in an output"))
    max_repetition: float = Field(0.5, ge=0, le=1, title=N_("Largest share of repeated stretches in an output"))
    min_letters: float = Field(0.5, ge=0, le=1, title=N_("Least share of letters in an output"))
    max_capitals: float = Field(0.7, ge=0, le=1, title=N_("Largest share of capitals in an output"))
    max_signs: float = Field(0.25, ge=0, le=1, title=N_("Largest share of signs in an output"))

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for least, most in (
            ("instruction_least", "instruction_most"),
            ("output_least", "output_most"),
            ("min_chars", "max_chars"),
            ("min_words", "max_words"),
            ("min_row_words", "max_row_words"),
        ):
            if getattr(self, least) > getattr(self, most):
                raise ValueError(f"{least}_over_{most}")
        return self
