"""What a person may set for a run of backtranslation."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.recipes.sifting import ApprovedNovelty
from generation.types import N_


class Params(RecipeParams):
    """Defaults are those of the paper: 600 to 3000 characters, the score of 5, two iterations."""

    shortest: int = Field(600, ge=50, le=20_000, title=N_("Fewest characters of a segment"))
    longest: int = Field(3000, ge=100, le=50_000, title=N_("Most characters of a segment"))
    segments: int = Field(
        500, ge=1, le=100_000, title=N_("Segments, at most"), description=N_("Drawn at random where there are more.")
    )
    unheaded: bool = Field(
        False, title=N_("Take text without a heading too"), description=N_("The paper takes text under headings only.")
    )
    keep: int = Field(5, ge=1, le=5, title=N_("Lowest score that is kept, 1 to 5"))
    iterations: Literal["1", "2"] = Field(
        "2",
        title=N_("Iterations of curation"),
        description=N_("The second judge is shown the best and the worst of the first."),
    )
    recheck: Literal["all", "kept"] = Field("all", title=N_("What the second judge sees"))
    system: str = Field(
        "",
        max_length=500,
        title=N_("System text of the samples"),
        description=N_("The paper marks texts from the web with one of their own."),
    )
    approved_novelty: ApprovedNovelty = "off"
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature of the instructions"))
    max_chars: int = Field(1000, ge=50, le=20_000, title=N_("Most characters of an instruction"))

    @model_validator(mode="after")
    def _bounds_fit(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError("shortest_over_longest")
        return self
