"""What a person may set for a few-shot run."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.recipes.base import PromptText, RecipeParams
from generation.types import N_

TEMPLATES = 3
"""How many templates ship for each task type."""

TASK_TYPES = ("sentiment", "classification", "qa", "translate", "custom")


class Params(RecipeParams):
    """The type "custom" is a template with declared variables; the others ship with theirs and know their columns."""

    task_type: Literal["sentiment", "classification", "qa", "translate", "custom"] = Field(
        "sentiment", title=N_("Task type")
    )
    examples: int = Field(1, ge=0, le=5, title=N_("Examples in an instruction"))
    demonstrations: Literal["other_rows", "reserved_rows"] = Field(
        "other_rows",
        title=N_("Where examples come from"),
        description=N_("reserved_rows: from rows that are kept out of the samples."),
    )
    reserved_rows: int = Field(8, ge=1, le=1000, title=N_("Rows kept for examples"))
    columns: list[str] = Field(
        [], title=N_("Columns"), description=N_("role=column, one a line, where detection is not enough: text=review")
    )
    labels: list[str] = Field([], title=N_("Labels"), description=N_("The label set in order. Empty: as in the rows."))
    directions: Literal["forward", "backward", "both"] = Field("forward", title=N_("Translation directions"))
    source_language: str = Field("", max_length=40, title=N_("Source language"))
    target_language: str = Field("", max_length=40, title=N_("Target language"))
    template_weights: list[str] = Field(
        [], title=N_("Template weights"), description=N_("One number for each template. Empty: all alike.")
    )
    max_context: int = Field(2000, ge=100, le=100_000, title=N_("Longest context in characters"))
    keep_visible_answers: bool = Field(False, title=N_("Keep rows whose answer stands in their own text"))
    min_chars: int = Field(10, ge=1, le=10_000, title=N_("Fewest characters of an instruction"))
    max_chars: int = Field(4000, ge=10, le=100_000, title=N_("Most characters of an instruction"))
    max_rows: int = Field(0, ge=0, le=2_000_000, title=N_("Most samples"), description=N_("0: all rows."))
    wave_size: int = Field(1000, ge=1, le=10_000, title=N_("Rows in a wave"))
    custom_template: str = Field("", max_length=20_000, title=N_("Template of the custom type"))
    custom_fields: list[str] = Field([], title=N_("Columns that the template shows"))
    custom_answer: str = Field("", max_length=200, title=N_("Column with the answer"))

    @model_validator(mode="after")
    def _template_fits(self) -> Self:
        if self.task_type == "custom":
            check_custom(self.custom_template, fields=self.custom_fields, answer=self.custom_answer)
        if any("=" not in pair for pair in self.columns):
            raise ValueError("columns_need_role_and_name")
        weights(self)
        return self


def check_custom(template: str, *, fields: list[str], answer: str) -> None:
    """`ValueError` when a custom template uses what was not declared, or leaves out what it must show."""
    used = set(PromptText(template).variables()) - {"examples", "labels"}
    undefined = sorted(used - set(fields))
    if undefined:
        raise ValueError("undefined_variable: " + ", ".join(undefined))
    if not used:
        raise ValueError("template_shows_no_column")
    if not answer or answer in used:
        raise ValueError("answer_must_be_a_column_that_is_not_shown")
    if "examples" not in PromptText(template).variables():
        raise ValueError("template_needs_examples")


def weights(params: Params) -> list[float]:
    """The template weights as numbers; `ValueError` when they are none."""
    try:
        numbers = [float(each) for each in params.template_weights]
    except ValueError:
        raise ValueError("weights_must_be_positive_numbers") from None
    if any(not 0 <= each < float("inf") for each in numbers) or (numbers and not sum(numbers[:TEMPLATES])):
        raise ValueError("weights_must_be_positive_numbers")
    return numbers
