"""Workflows as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas.base import Id, Input, Language, Name, Word
from generation.schemas.runs import SourceIn


class StepIn(Input):
    """One step. `run` takes everything over from a run that was tried; what is said beside it wins."""

    run: Id | None = None
    recipe: Word | None = None
    params: dict[str, Any] | None = None
    language: Language | None = None
    endpoint: Id | None = None
    model: Annotated[str, StringConstraints(max_length=120)] | None = None
    budget: Decimal | None = Field(None, ge=0, le=1_000_000, decimal_places=6)
    random_seed: int | None = Field(None, ge=0, lt=2**63)
    draws: Literal["passed", "approved"] = "passed"
    parts: dict[Word, SourceIn] | None = Field(None, max_length=5)
    near_duplicates: Literal["off", "note", "drop"] | None = None
    near_threshold: float | None = Field(None, ge=0.5, le=1)
    contamination: Literal["off", "note", "drop"] | None = None


class WorkflowIn(Input):
    """A workflow: its steps in order, and its clock (`every_hours` 0: by hand)."""

    name: Name
    steps: list[StepIn] = Field(min_length=1, max_length=8)
    only_new: bool = True
    every_hours: int = Field(0, ge=0, le=744)


class WorkflowOut(Schema):
    """A workflow with its steps as they will be run."""

    id: int
    name: str
    steps: list[dict[str, Any]]
    only_new: bool
    every_hours: int
    created_at: datetime


class TurnOut(Schema):
    """A passage through a workflow. `runs` are the ids of its runs in order; `message` says why it ended so."""

    id: int
    state: str
    step: int
    message: str
    by_clock: bool
    created_at: datetime
    finished_at: datetime | None
    runs: list[int]

    @staticmethod
    def resolve_runs(turn: Any) -> list[int]:
        """The runs in the order in which they were started."""
        return list(turn.runs.order_by("id").values_list("pk", flat=True))
