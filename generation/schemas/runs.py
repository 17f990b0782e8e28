"""Runs as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas.base import Id, Input, Language, Word


class SeedChoiceIn(Input):
    """Which seeds a run starts from; empty means every active seed."""

    ids: list[Id] = Field(default_factory=list, max_length=10_000)
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    task_type: Word = ""
    tag: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    source: Annotated[str, StringConstraints(max_length=200)] = ""


class RunIn(Input):
    """A run to start or to estimate. `params` are the recipe's own; `budget` is a cap in the price's currency."""

    recipe: Word
    params: dict[str, Any] = Field(default_factory=dict)
    language: Language = "en"
    endpoint: Id | None = None
    model: Annotated[str, StringConstraints(max_length=120)] = ""
    seeds: SeedChoiceIn = SeedChoiceIn()
    random_seed: int = Field(42, ge=0, lt=2**63)
    budget: Decimal | None = Field(None, ge=0, le=1_000_000, decimal_places=6)
    max_in_flight: int = Field(64, ge=1, le=1000)
    start_key: Annotated[str, StringConstraints(max_length=64)] = ""


class BudgetIn(Input):
    """The new cap, in the run's currency."""

    budget: Decimal = Field(ge=0, le=1_000_000, decimal_places=6)


class RunOut(Schema):
    """A run with what it was started with. Money is in micro-units of its currency (1,000,000 = 1.00)."""

    id: int
    recipe: str
    params: dict[str, Any]
    language: str
    endpoint: int | None = Field(None, alias="endpoint_id")
    model: str
    offline: bool
    random_seed: int
    template_versions: dict[str, int]
    max_in_flight: int
    state: str
    pause_reason: str
    currency: str
    budget_micro: int | None
    spent_micro: int
    reserved_micro: int
    maybe_billed_micro: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RunWithFiguresOut(Schema):
    """A run with its counts at this moment: asked = answered + failed + skipped + on_wire + waiting."""

    run: RunOut
    figures: dict[str, Any]


class EstimateOut(Schema):
    """What a run would take: calls by the recipe's own count, prices per million tokens where they are known."""

    seeds: int
    calls_least: int
    calls_most: int
    free: bool
    currency: str
    input_price: Decimal | None
    output_price: Decimal | None
    rows: list[dict[str, Any]]


class RetriedOut(Schema):
    """How many failed items went back to work."""

    items: int
