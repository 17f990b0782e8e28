"""What the API of exports and conversions takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas import Id, Input, JobOut, Number, Word


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
    without_scores: bool = False
    split: Literal["", "train", "validation", "test"] = ""
    bundle: bool = False
    leave_out: bool = False
    despite: bool = False
    names: bool = False
    template: Word = ""
    escape_tokens: bool = False
    cutoff: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    strategy: Literal["all_pairs", "best_worst", "adjacent", "best_vs_rest", "best_random"] = "all_pairs"
    min_margin: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = 0.0
    good_from: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] | None = None


class ConversionIn(Input):
    """How a file is converted: into which format and layout; what a conversion leaves open as for an export."""

    to: Word
    origin: Word = ""
    layout: Word = ""
    gzip: bool = False
    spreadsheet_safe: bool = False
    leave_out: bool = False
    separator: Literal["\n", "\n\n", " "] = "\n"
    default_system: Annotated[str, StringConstraints(max_length=2000)] = ""
    drop_tools: bool = False
    without_scores: bool = False
    template: Word = ""
    escape_tokens: bool = False
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
