"""What a person may set for a run of FLAN-style templates."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.types import N_

TYPES = ("zero_shot_options", "zero_shot", "few_shot_options", "few_shot")
"""The four template types of the Flan Collection: ZSOpt, ZSNoOpt, FSOpt, FSNoOpt."""

KINDS = ("instruction", "qa", "classification", "translation", "summary")
TEMPLATES = 10
"""How many templates ship for each kind."""


class Params(RecipeParams):
    """Defaults are those of FLAN's code wherever it has them."""

    kind: Literal["auto", "instruction", "qa", "classification", "translation", "summary"] = Field(
        "auto", title=N_("Kind of task"), description=N_("auto: told from each row.")
    )
    type_weights: list[str] = Field(
        ["1", "1", "1", "1"],
        title=N_("Weights of the four types"),
        description=N_("Zero-shot with options, zero-shot, few-shot with options, few-shot; a number a line."),
    )
    cot_share: float = Field(
        0.5,
        ge=0,
        le=1,
        title=N_("Share with a chain of thought"),
        description=N_("Of the rows that hold the steps to their answer."),
    )
    shots: list[str] = Field(
        ["5", "2", "1"], title=N_("Examples in a few-shot row"), description=N_("Taken in turn, by the template.")
    )
    max_options: int = Field(4, ge=2, le=26, title=N_("Options to choose from, at most"))
    same_language: bool = Field(True, title=N_("Only rows in the language of the templates"))
    option_chars: int = Field(160, ge=1, le=2000, title=N_("Longest option in characters"))
    option_marks: Literal["mixed", "dashes", "letters"] = Field("mixed", title=N_("Marks of the options"))
    delimiters: Literal["mixed", "blank_lines", "question_answer", "input_output"] = Field(
        "mixed", title=N_("What stands between question and answer")
    )
    few_shot_tokens: int = Field(1920, ge=64, le=32_000, title=N_("Most tokens of a few-shot text (estimated)"))
    rephrasings: int = Field(
        0,
        ge=0,
        le=10,
        title=N_("Rephrasings of each template"),
        description=N_("0: no model is asked. Otherwise one is asked once for each template of the rows' kinds."),
    )
    max_rows: int = Field(0, ge=0, le=2_000_000, title=N_("Most samples"), description=N_("0: all rows."))
    wave_size: int = Field(2000, ge=4, le=10_000, title=N_("Rows in a wave"))

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        type_shares(self)
        shot_counts(self)
        return self


def type_shares(params: Params) -> list[float]:
    """The share of each type, together 1; `ValueError` when the weights are none."""
    try:
        numbers = [float(each) for each in params.type_weights]
    except ValueError:
        raise ValueError("weights_must_be_positive_numbers") from None
    if len(numbers) != len(TYPES) or any(not 0 <= each < float("inf") for each in numbers) or not sum(numbers):
        raise ValueError("weights_must_be_positive_numbers")
    return [each / sum(numbers) for each in numbers]


def shot_counts(params: Params) -> list[int]:
    """How many examples, template after template; `ValueError` unless all are from 1 to 8."""
    if not params.shots or any(not each.strip().isdigit() or not 1 <= int(each) <= 8 for each in params.shots):
        raise ValueError("shots_must_be_numbers")
    return [int(each) for each in params.shots]
