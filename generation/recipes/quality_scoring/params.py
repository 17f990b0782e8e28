"""What a person may set for a run that scores samples."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.types import N_

BUILT_IN = ("complexity", "quality", "evol")
EXAMPLE_RUBRIC = "5: solves the task, correct and complete. 3: partly. 1: of no use."
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Params(RecipeParams):
    """The built-in aspects have the scale 1 to 6 of the paper; an aspect of one's own has its scale and rubric."""

    complexity: bool = Field(True, title=N_("Complexity of the instruction (1 to 6)"))
    quality: bool = Field(True, title=N_("Quality of the answer (1 to 6)"))
    aspect: str = Field(
        "", max_length=40, title=N_("Aspect of your own"), description=N_("A name such as helpfulness. Empty: none.")
    )
    rubric: str = Field(
        "", max_length=4000, title=N_("Rubric"), description=N_("What a score of each level means, in your words.")
    )
    low: int = Field(1, ge=0, le=100, title=N_("Lowest score of the rubric"))
    high: int = Field(5, ge=1, le=100, title=N_("Highest score of the rubric"))
    tokens: int = Field(400, ge=16, le=4096, title=N_("Most tokens of a judgement"))
    wave_size: int = Field(500, ge=1, le=10_000, title=N_("Samples in a wave"))

    @model_validator(mode="after")
    def _something_to_score(self) -> Self:
        if not (self.complexity or self.quality or self.aspect):
            raise ValueError("nothing_to_score")
        if self.aspect and (not _NAME.fullmatch(self.aspect) or self.aspect in BUILT_IN):
            raise ValueError("odd_aspect")
        if self.aspect and not self.rubric.strip():
            raise ValueError("aspect_needs_rubric")
        if self.low >= self.high:
            raise ValueError("low_over_high")
        return self
