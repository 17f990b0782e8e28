"""What a person may set for questions and answers out of documents."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from generation.recipes.base import RecipeParams
from generation.recipes.sifting import ApprovedNovelty
from generation.types import N_

TYPES = ("fact", "reason", "summary", "comparison", "unanswerable")


class Params(RecipeParams):
    """A question is asked of somebody who never saw the passage, or the passage stands beside it as the input."""

    questions: int = Field(3, ge=1, le=12, title=N_("Questions of a passage"))
    types: list[str] = Field(
        ["fact", "reason", "summary", "comparison"],
        title=N_("Kinds of questions"),
        description=N_("fact, reason, summary, comparison, unanswerable; dealt out evenly."),
    )
    context_in_input: bool = Field(
        False,
        title=N_("Keep the passage as the input"),
        description=N_("Otherwise each question must make sense without it."),
    )
    passage_size: int = Field(1200, ge=200, le=12_000, title=N_("Characters of a passage, at most"))
    overlap: int = Field(0, ge=0, le=4_000, title=N_("Characters that neighbours share, at most"))
    least_passage: int = Field(80, ge=0, le=2_000, title=N_("Passages shorter than this are passed over (characters)"))
    most_passages: int = Field(
        0,
        ge=0,
        le=200_000,
        title=N_("Passages, at most"),
        description=N_("0: all. Fewer are spread over all documents."),
    )
    check_answers: bool = Field(
        False,
        title=N_("Check every answer"),
        description=N_("A second call asks whether the answer follows from the passage."),
    )
    wave_size: int = Field(64, ge=1, le=1_000, title=N_("Calls in a wave"))
    novelty_threshold: float = Field(
        0.8, ge=0.1, le=1.0, title=N_("Novelty threshold (ROUGE-L)"), description=N_("Drops what is more alike.")
    )
    approved_novelty: ApprovedNovelty = "drop"
    temperature: float = Field(0.7, ge=0.0, le=2.0, title=N_("Temperature"))
    max_tokens: int = Field(2048, ge=128, le=16_384, title=N_("Most tokens of a reply"))

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.types or not set(self.types) <= set(TYPES):
            raise ValueError("unknown_question_type")
        if "unanswerable" in self.types and not self.context_in_input:
            raise ValueError("unanswerable_needs_the_passage")
        if self.overlap * 2 > self.passage_size:
            raise ValueError("overlap_over_half_of_the_passage")
        return self
