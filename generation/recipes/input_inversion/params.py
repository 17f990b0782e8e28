"""What a person may set for a run of input inversion."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from generation.recipes.base import RecipeParams
from generation.types import N_


class Params(RecipeParams):
    """The bounds are those of the method; both count what is there, in any language."""

    least_inputs: int = Field(
        5, ge=1, le=1000, title=N_("Fewest inputs of a label"),
        description=N_("A label with fewer different inputs is not turned round."),
    )  # fmt: skip
    least_answer: int = Field(
        20, ge=1, le=1000, title=N_("Fewest characters of an answer"),
        description=N_("Shorter ones do not tell their question. Translations are exempt."),
    )  # fmt: skip
    turns: Literal["last", "all"] = Field("last", title=N_("Turns of a conversation to predict"))
    both_directions: bool = Field(
        False, title=N_("Translations in both directions"), description=N_("Also as they are, with the same template.")
    )
    max_rows: int = Field(0, ge=0, le=2_000_000, title=N_("Most samples"), description=N_("0: all rows."))
    wave_size: int = Field(2000, ge=1, le=10_000, title=N_("Rows in a wave"))
