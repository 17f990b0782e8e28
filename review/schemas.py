"""What the API of review takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas import Id, Input, Number, Paging, Text, Word

Note = Annotated[str, StringConstraints(max_length=4000)]
Origin = Literal["", "model", "rules", "template", "import", "person"]
SampleState = Literal["", "generated", "filtered", "needs_review", "approved", "rejected"]


class SampleFilters(Paging):
    """What of the samples is asked for."""

    state: SampleState = ""
    flagged: bool = False
    run: Id | None = None
    language: Literal["", "en", "zh"] = ""
    origin: Origin = ""
    q: Annotated[str, StringConstraints(max_length=200)] = ""


class SampleOut(Schema):
    """A sample as it reads now. `version` is what a decision must name."""

    id: int
    run: int | None = Field(None, alias="run_id")
    origin: str
    made_without_model: bool
    system: str
    turns: list[dict[str, Any]]
    instruction: str
    input: str
    output: str
    task_type: str
    language: str
    tags: list[str]
    state: str
    reason: str
    flagged: bool
    edited: bool
    revision: int
    version: int
    content_hash: str
    created_at: datetime
    decided_at: datetime | None

    @staticmethod
    def resolve_made_without_model(row: Any) -> bool:
        """Whether no language model had a part in it."""
        return row.origin in ("rules", "template")


class RevisionOut(Schema):
    """One immutable text of a sample."""

    number: int
    system: str
    instruction: str
    input: str
    output: str
    content_hash: str
    created_at: datetime


class DecisionOut(Schema):
    """One thing that one person said of a sample."""

    id: int
    sample: int = Field(alias="sample_id")
    person: str
    action: str
    reason: str
    note: str
    revision: int
    version: int
    undoes: int | None = Field(None, alias="undoes_id")
    created_at: datetime

    @staticmethod
    def resolve_person(row: Any) -> str:
        """The user name of whoever said it."""
        return str(row.person.username)


class SampleWholeOut(SampleOut):
    """A sample with its checks, its revisions and everything that was said of it."""

    checks: list[dict[str, Any]]
    revisions: list[RevisionOut]
    decisions: list[DecisionOut]

    @staticmethod
    def resolve_revisions(row: Any) -> list[Any]:
        """Every text that it had, oldest first."""
        return list(row.revisions.order_by("number")) or [row.first_revision()]

    @staticmethod
    def resolve_decisions(row: Any) -> list[Any]:
        """Everything that was said of it, oldest first."""
        return list(row.decisions.select_related("person").order_by("id"))


class TextsIn(Input):
    """The four texts of a sample, as they should read from now on."""

    instruction: Text
    output: Text
    input: Text = ""
    system: Text = ""


class DecisionIn(Input):
    """What you say of a sample. `version` is the one that you saw; the key comes in the header `Idempotency-Key`."""

    sample: Id
    action: Literal["approve", "reject", "edit", "skip", "flag", "unflag"]
    version: Number
    revision: Number | None = None
    text: TextsIn | None = None
    reason: Word = ""
    note: Note = ""
    seconds: float | None = Field(None, ge=0, le=86_400)


class UndoIn(Input):
    """Which of your decisions to take back; your latest that still stands when none is named."""

    decision: Id | None = None


class PutBackIn(Input):
    """Why a sample goes back to review, and which version you saw."""

    version: Number
    reason: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class OutcomeOut(Schema):
    """What became of a decision. `repeated` says that the key was seen before: this is the first answer again."""

    saved: bool
    code: str
    decision: int | None = Field(None, alias="decision_id")
    sample: int = Field(alias="sample_id")
    state: str
    version: int
    revision: int
    flagged: bool
    repeated: bool


class RenderedFilters(Input):
    """How a sample is rendered: the names of `GET /chat-templates`. `as_asked` leaves the answer out."""

    template: Word = "chatml"
    mask_history: bool = False
    as_asked: bool = False
    cutoff: int = Field(0, ge=0, le=1_000_000)


class SpanOut(Schema):
    """A trained stretch of the text, in characters (code points), and the weight of its loss. Turns count from 0."""

    start: int
    end: int
    turn: int
    weight: float


class NoteOut(Schema):
    """Something that the template did to the row; `turn` is null when it is about all of it."""

    code: str
    turn: int | None


class TokenOut(Schema):
    """A special token in a content: an error where it belongs to the template, a warning where it belongs to others."""

    path: str
    token: str
    start: int
    end: int
    severity: str


class RenderedOut(Schema):
    """The text that a tokenizer gets of a sample, and what of it is trained. Counts of tokens are estimates."""

    template: str
    text: str
    spans: list[SpanOut]
    warnings: list[NoteOut]
    special_tokens: list[TokenOut]
    tokens: int
    trained_tokens: int
    cut: int | None


class ChatTemplateOut(Schema):
    """A chat template: built in, or of the project (`own`), and what it can hold."""

    name: str
    title: str
    own: bool
    tools: bool | None
    system: str
    bos: str
    eos: str
