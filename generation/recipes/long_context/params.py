"""What a person may set for rows with a long context."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.types import N_


class Params(RecipeParams):
    """The passage that holds the answer stands among others; where it stands is dealt evenly over the run."""

    passages: int = Field(
        5, ge=2, le=60, title=N_("Passages in a row"), description=N_("The one that answers included.")
    )
    passage_size: int = Field(1000, ge=100, le=12_000, title=N_("Characters of a passage, at most"))
    distractors: Literal["any", "same_document", "other_documents"] = Field(
        "any", title=N_("The other passages come from")
    )
    question_at: Literal["both", "before", "after"] = Field(
        "both",
        title=N_("The question stands"),
        description=N_("both: before and after the passages."),
    )
    quote_first: bool = Field(
        True, title=N_("Quote first"), description=N_("The answer begins with the words that it rests on.")
    )
    examples: int = Field(
        0, ge=0, le=8, title=N_("Worked examples"), description=N_("Questions and answers of other rows, shuffled.")
    )
    options: int = Field(
        0, ge=0, le=8, title=N_("Answers to choose from"), description=N_("0: the answer is written out.")
    )
    max_rows: int = Field(0, ge=0, le=1_000_000, title=N_("Samples, at most"), description=N_("0: one for each row."))
    wave_size: int = Field(200, ge=1, le=2_000, title=N_("Tasks in a wave"))

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.options == 1:
            raise ValueError("one_option_is_no_choice")
        return self
