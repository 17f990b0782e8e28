"""What the API of review takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas import Id, Input, JobOut, Number, Paging, Text, Word

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
        return list(row.revisions.order_by("number"))

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


class SelectionIn(Input):
    """Which approved rows go in. Rows made without a language model stay out unless `without_model` is true."""

    task_type: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    run: Id | None = None
    without_model: bool = False


class ExportIn(SelectionIn):
    """A new export: a format with a selection, or with the number of a frozen version of `dataset` to write again.

    `bundle` asks for an archive with a file for each split, dataset_info.json, card, Croissant, manifest and media.
    `leave_out` writes the file without rows that the target refuses, `despite` one that it refuses as a whole.
    `template` names a chat template whose special tokens must not stand in content, `cutoff` a limit in estimated
    tokens. The last three settle how rankings become pairs, and which scores count as good.
    """

    format: Word = "alpaca"
    layout: Word = ""
    dataset: Annotated[str, StringConstraints(max_length=120)] = "approved"
    version: Number | None = None
    gzip: bool = False
    spreadsheet_safe: bool = False
    separator: Literal["\n", "\n\n", " "] = "\n"
    default_system: Annotated[str, StringConstraints(max_length=2000)] = ""
    drop_tools: bool = False
    split: Literal["", "train", "validation", "test"] = ""
    bundle: bool = False
    leave_out: bool = False
    despite: bool = False
    names: bool = False
    template: Word = ""
    cutoff: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    strategy: Literal["all_pairs", "best_worst", "adjacent", "best_vs_rest", "best_random"] = "all_pairs"
    min_margin: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = 0.0
    good_from: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] | None = None


class FindingOut(Schema):
    """How often a contract check found one thing."""

    severity: str
    code: str
    count: int


class RowFaultOut(Schema):
    """One thing that a contract check found: in which row of the version (0: in the file as a whole), and where."""

    line: int
    code: str
    path: str
    message: str
    severity: str


class OfferOut(Schema):
    """What a file would hold: exact counts, first and last row, what its target would say. Nothing is written."""

    format: str
    approved: int | None
    made_without_model: int | None
    rows: int
    lines: int | None
    text: str
    cut: bool
    lost: str
    checked: int
    passes: bool
    refused_rows: int
    findings: list[FindingOut]
    faults: list[RowFaultOut]


class ExportOut(Schema):
    """One file, or one bundle of `files`. `statement` says how many of its rows no language model had a part in."""

    id: int
    version: int
    content_hash: str
    selection: dict[str, Any]
    format: str
    options: dict[str, Any]
    files: list[dict[str, Any]]
    contract: dict[str, Any]
    rows: int
    rows_without_model: int
    statement: str
    size: int
    sha256: str
    file_name: str
    ready: bool
    job: JobOut
    created_at: datetime
    finished_at: datetime | None

    @staticmethod
    def resolve_version(row: Any) -> int:
        """The version's number in its dataset."""
        return int(row.version.number)

    @staticmethod
    def resolve_contract(row: Any) -> dict[str, Any]:
        """What the contract check found: counts, faults of the file, rows left out; empty until the job is over."""
        return dict(row.job.cursor.get("contract", {}))

    @staticmethod
    def resolve_content_hash(row: Any) -> str:
        """The hash of the version's rows, empty until it is frozen."""
        return str(row.version.content_hash)

    @staticmethod
    def resolve_selection(row: Any) -> dict[str, Any]:
        """What the version was narrowed down to."""
        return dict(row.version.config)
