"""What a person may set for a search for a better prompt."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from generation.quality.checks import CHECKS
from generation.recipes.base import RecipeParams
from generation.types import N_

LONGEST = 500


class Params(RecipeParams):
    """Defaults are the product's 20 steps of 8 candidates; the paper searched for 200 steps."""

    objective: Literal["exact", "contains", "judge", "checks", "approval"] = Field(
        "contains",
        title=N_("What counts as good"),
        description=N_("exact, contains: against the row's own answer. approval: what people approved of past runs."),
    )
    target: str = Field(
        "",
        max_length=120,
        title=N_("Prompt that it is for"),
        description=N_("A prompt's name, such as self_instruct.invent; approval needs it."),
    )
    position: Literal["before_question", "question_begin", "question_end", "answer_begin"] = Field(
        "before_question", title=N_("Where the instruction stands")
    )
    start: list[str] = Field([], title=N_("First instructions"), description=N_("One a line. Empty: one of ours."))
    steps: int = Field(20, ge=1, le=200, title=N_("Steps"))
    candidates: int = Field(8, ge=1, le=32, title=N_("Candidates in a step"))
    trajectory: int = Field(20, ge=1, le=50, title=N_("Instructions shown with their scores, at most"))
    exemplars: int = Field(3, ge=1, le=10, title=N_("Rows shown as examples"))
    train_rows: int = Field(20, ge=1, le=1000, title=N_("Training rows, at most"))
    held_out_rows: int = Field(20, ge=0, le=1000, title=N_("Held-out rows, at most"))
    evaluate_every: int = Field(3, ge=1, le=100, title=N_("Steps between evaluations on held-out rows"))
    patience: int = Field(15, ge=1, le=200, title=N_("Stop after so many steps without gain"))
    temperature: float = Field(1.0, ge=0.0, le=2.0, title=N_("Temperature of the proposals"))
    answer_tokens: int = Field(512, ge=16, le=8192, title=N_("Most tokens of an answer"))
    rubric: str = Field("", max_length=4000, title=N_("Rubric of the judge"), description=N_("Empty: one of ours."))
    checks: list[str] = Field(
        ["not_empty", "empty_output", "refusal"],
        title=N_("Checks that an answer must pass"),
        description=N_("Names, one a line."),
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.objective == "approval" and not self.target:
            raise ValueError("approval_needs_target")
        unknown = sorted(set(self.checks) - {each.name for each in CHECKS})
        if unknown:
            raise ValueError("unknown_check: " + ", ".join(unknown))
        if self.objective == "checks" and not self.checks:
            raise ValueError("checks_need_names")
        if any(len(text) > LONGEST for text in self.start):
            raise ValueError("start_too_long")
        return self

    def first(self) -> list[str]:
        """The first instructions, each once; a single empty one stands for ours."""
        return list(dict.fromkeys(text.strip() for text in self.start)) or [""]
