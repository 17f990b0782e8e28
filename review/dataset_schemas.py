"""What the API of datasets takes and gives."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas import Id, Input, JobOut, Number, Word
from review.mixes.recipe import MOST_SOURCES, Recipe, Source
from review.selection import Selection

Kind = Literal["sft", "preference", "feedback", "text", "ranking"]
Split = Literal["train", "validation", "test"]
Score = Annotated[float, Field(ge=-1e9, le=1e9)]
Rows = Annotated[int, Field(ge=1, le=10**7)]
Title = Annotated[str, StringConstraints(max_length=60)]
Part = Annotated[int, Field(ge=0, le=1_000_000)]
Size = Annotated[int, Field(ge=1, le=200)]


class SourceIn(Input):
    """One source of a mix: which rows, and how much of them. Empty fields do not narrow it down."""

    name: Title = ""
    general: bool = False
    weight: Annotated[float, Field(ge=0, le=1e6)] = 1.0
    cap: Rows | None = None
    task_type: Word = ""
    language: Annotated[str, StringConstraints(max_length=10)] = ""
    run: Id | None = None
    job: Id | None = None
    tag: Title = ""
    origin: Annotated[str, StringConstraints(max_length=12)] = ""
    reviewer: Id | None = None
    since: Annotated[str, StringConstraints(max_length=10, pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    least: Score | None = None
    most: Score | None = None
    turns: Literal["", "single", "several"] = ""
    without_model: bool = False
    ready: bool = False
    aspect: Title = ""

    def source(self, kind: str) -> Source:
        """The source as a recipe has it."""
        told = self.model_dump()
        own = {name: told.pop(name) for name in ("name", "general", "weight", "cap")}
        return Source(selection=Selection(kind=kind, **told), **own)


class RecipeIn(Input):
    """How a version is made. `general_share` is 0 to 1; `ratios` are parts of train, validation and test."""

    kind: Kind = "sft"
    sources: Annotated[list[SourceIn], Field(min_length=1, max_length=MOST_SOURCES)] = Field(
        default_factory=lambda: [SourceIn()]
    )
    size: Rows | None = None
    temperature: Annotated[float, Field(ge=0.1, le=100)] = 1.0
    general_share: Annotated[float, Field(ge=0, le=0.99)] | None = None
    repeat: bool = False
    balance: Literal["", "task_type", "language", "label"] = ""
    ratio: Annotated[float, Field(ge=1, le=1000)] = 1.0
    unique: bool = True
    ratios: Annotated[list[Part], Field(max_length=3)] = Field(default_factory=list)
    at_least_one: bool = False
    apart: Annotated[tuple[Literal["prompt", "near", "family"], ...], Field(max_length=3)] = ("prompt",)
    shuffle: bool = True
    seed: Annotated[int, Field(ge=0, le=2**31)] = 42
    use: Literal[
        "", "sft", "domain_sft", "multi_turn", "preference", "kto", "reward", "ranking", "pretraining"
    ] = ""  # fmt: skip

    def recipe(self) -> Recipe:
        """The recipe as a version keeps it."""
        names = [name for name in Recipe.__slots__ if name not in ("sources", "ratios", "apart")]
        told = {name: getattr(self, name) for name in names}
        ratios = tuple(self.ratios) if any(self.ratios) else ()
        sources = tuple(source.source(self.kind) for source in self.sources)
        return Recipe(sources, ratios=ratios, apart=tuple(self.apart), **told)


class VersionIn(RecipeIn):
    """A recipe to freeze as the next version of the dataset called `name`."""

    name: Annotated[str, StringConstraints(max_length=120)] = ""
    note: Annotated[str, StringConstraints(max_length=300)] = ""


class NoteIn(Input):
    """What a version is to say of itself."""

    note: Annotated[str, StringConstraints(max_length=300)]


class HeldOutIn(Input):
    """Which split of a version models will be measured with."""

    split: Literal["validation", "test"]


class DatasetOut(Schema):
    """A dataset: a name, and the kind of rows that its versions hold."""

    id: int
    name: str
    kind: str
    created_at: datetime


class VersionOut(Schema):
    """One version. `content_hash` is empty until it is frozen."""

    id: int
    dataset: int = Field(alias="dataset_id")
    number: int
    parent: int | None
    config: dict[str, Any]
    splits: dict[str, int]
    figures: dict[str, Any]
    note: str
    rows: int
    content_hash: str
    frozen_at: datetime
    job: JobOut | None

    @staticmethod
    def resolve_parent(row: Any) -> int | None:
        """The number of the version that it follows."""
        return row.parent.number if row.parent else None


class OutlookOut(Schema):
    """What a recipe would give. `exact` is false where rows were counted but not read."""

    rows: int
    exact: bool
    splits: dict[str, int]
    sources: list[dict[str, Any]]
    remarks: list[dict[str, str]]


class RowsQuery(Input):
    """Which rows of a version are asked for."""

    after: Number | None = None
    size: Size = 50
    split: Split | Literal[""] = ""
    source: Title = ""


class CompareQuery(Input):
    """Which versions are compared (the newest with the one that it follows, when none is named), and which change is
    listed (the first that happened)."""

    before: Number | None = None
    version: Number | None = None
    change: Literal["", "added", "removed", "changed", "moved"] = ""
    after: Number | None = None
    size: Size = 50


class RowOut(Schema):
    """A pinned row: where it stands, what it pins, and its content in canonical form."""

    position: int
    subject: int
    sample: int | None
    revision: int
    content_hash: str
    origin: str
    split: str
    source: str
    row: dict[str, Any]

    @staticmethod
    def resolve_row(pinned: Any) -> dict[str, Any]:
        """The row's content as plain JSON, without what is empty."""
        return _plain(asdict(pinned.row))


class RowsOut(Schema):
    """Some rows in order."""

    items: list[RowOut]
    next: int | None


class TextsOut(Schema):
    """A text before and after."""

    name: str
    before: str
    after: str


class DifferenceOut(Schema):
    """A row that something happened to; `moved` names the two sides of the split."""

    row: RowOut
    moved: tuple[str, str] | None
    texts: list[TextsOut]


class ComparisonOut(Schema):
    """The counts of all changes between two versions, and some rows of one kind of change."""

    counts: dict[str, int]
    change: str
    items: list[DifferenceOut]
    next: int | None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each not in (None, "", (), [], {})}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
