"""Runs as the API takes and gives them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

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


class SampleChoiceIn(Input):
    """Which samples a run draws from, where its recipe reads samples; the approved ones unless a state is named."""

    ids: list[Id] = Field(default_factory=list, max_length=10_000)
    state: Literal["", "approved", "needs_review", "rejected", "filtered", "any"] = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    task_type: Word = ""
    tag: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    run: Id | None = None
    job: Id | None = None
    origin: Word = ""


class AnswerChoiceIn(Input):
    """Which prompts with two answers or more a run draws from, where its recipe reads answers; empty means all.

    `pairs` is a state of their pairs, `reason` why one is held back; `run` wrote an answer, `job` brought the prompt.
    """

    ids: list[Id] = Field(default_factory=list, max_length=10_000)
    pairs: Literal["", "ready", "held_back", "exportable", "disputed", "agreed"] = ""
    reason: Word = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""
    tag: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    run: Id | None = None
    job: Id | None = None


class SourceIn(Input):
    """A model at an endpoint."""

    endpoint: Id
    model: Annotated[str, StringConstraints(max_length=120)] = ""


class PartIn(Input):
    """A further model of a run; without an endpoint at the run's own."""

    endpoint: Id | None = None
    model: Annotated[str, StringConstraints(max_length=120)] = ""


class RunIn(Input):
    """A run to start or to estimate. `params` are the recipe's own; `budget` is a cap in the price's currency.

    `take` names the sources to draw from, of those that the recipe reads; empty: of each alternative the first that
    holds something. `documents` null means all of them, `vocabulary` null the newest. A `fresh` run leaves out what
    runs like it have had; with `reuse` the answers that earlier runs paid for are taken again; `confirm` says yes to
    what it may cost; `preview` is the id of a preview that measured it. `fallback` lists further sources, asked in turn
    once the one before is lost; `automatic` takes those that the environment has keys for where no endpoint is named.
    `thinking` switches models that think aloud; `batch` is a slower, cheaper way to ask. `parts` names the further
    models that the recipe asks ("low", "judge", "teacher"); one that is left out is the run's own. `near_duplicates`
    says what becomes of rows that nearly repeat another, `contamination` of those that repeat an evaluation text.
    """

    recipe: Word
    params: dict[str, Any] = Field(default_factory=dict)
    language: Language = "en"
    endpoint: Id | None = None
    model: Annotated[str, StringConstraints(max_length=120)] = ""
    fallback: list[SourceIn] = Field(default_factory=list, max_length=5)
    automatic: bool = False
    thinking: bool | None = None
    batch: Literal["", "file", "held"] = ""
    parts: dict[Word, PartIn] = Field(default_factory=dict, max_length=5)
    take: list[Literal["seeds", "samples", "documents", "vocabulary", "answers"]] = Field(
        default_factory=list, max_length=5
    )
    seeds: SeedChoiceIn = SeedChoiceIn()
    samples: SampleChoiceIn = SampleChoiceIn()
    answers: AnswerChoiceIn = AnswerChoiceIn()
    documents: list[Id] | None = Field(None, max_length=10_000)
    vocabulary: Id | None = None
    random_seed: int = Field(42, ge=0, lt=2**63)
    budget: Decimal | None = Field(None, ge=0, le=1_000_000, decimal_places=6)
    max_in_flight: int = Field(64, ge=1, le=1000)
    fresh: bool = False
    reuse: bool = False
    near_duplicates: Literal["off", "note", "drop"] = "drop"
    near_threshold: float = Field(0.8, ge=0.5, le=1)
    contamination: Literal["off", "note", "drop"] = "drop"
    confirm: bool = False
    preview: Id | None = None
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
    fallbacks: list[dict[str, Any]]
    source_at: int
    parts: dict[str, dict[str, Any]]
    thinking: bool | None
    batch: str
    near_duplicates: str
    near_threshold: float
    contamination: str
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


class PreviewOut(Schema):
    """A paid preview as far as it has come; its cost in micro-units includes what may be billed."""

    id: int
    over: bool
    calls: int
    failed: int
    currency: str
    cost_micro: int


class EstimateOut(Schema):
    """What a run would take: calls by the recipe's own count, prices per million tokens where they are known. Of the
    drafts of the latest runs with this recipe, `drafts_before`, `repeated_before` were dropped for what they repeat."""

    seeds: int
    samples: int
    answers: int
    documents: int
    characters: int
    terms: int
    calls_least: int
    calls_most: int
    free: bool
    currency: str
    input_price: Decimal | None
    output_price: Decimal | None
    cost_least_micro: int | None
    cost_likely_micro: int | None
    cost_most_micro: int | None
    measured_calls: int
    repeated_before: int
    drafts_before: int
    needs_confirmation: str
    rows: list[dict[str, Any]]


class ClearedOut(Schema):
    """How many pairs may leave again."""

    pairs: int


class RetriedOut(Schema):
    """How many failed items went back to work."""

    items: int
