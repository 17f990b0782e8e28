"""What the API of coverage takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from generation.schemas import Input
from review.actions.coverage_counts import LONGEST_VALUE, MOST_ROWS_AIMED_AT, MOST_TARGETS
from review.reports.coverage import CoverageSeen

Axis = Literal[
    "task_type", "topic", "language", "difficulty", "length", "category", "term", "document", "seed", "run", "tag", ""
]
AimedAt = Literal["task_type", "topic", "language", "difficulty", "length", "category"]
Value = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE, pattern=r"^[^\x00]*$")]
Rows = Annotated[int, Field(ge=0, le=MOST_ROWS_AIMED_AT)]


class CoverageIn(Input):
    """Two axes, and whether rows that wait for people are counted beside approved ones."""

    down: Axis = ""
    across: Axis = ""
    rows: Literal["approved", "all"] = "approved"


class CountIn(Input):
    """Has the rows counted anew. `targets` says by axis and value how many there should be; 0 takes one away."""

    targets: dict[AimedAt, Annotated[dict[Value, Rows], Field(max_length=MOST_TARGETS)]] = Field(default_factory=dict)


class HoleOut(Schema):
    """A cell with too few rows; `rows` more would bring it to what its line and its column lead one to expect. `fill`
    is the address part of the page `coverage/fill`, which leads to a run that fills it."""

    task_type: str
    topic: str
    language: str
    difficulty: str
    rows: int
    fill: str


class AimOut(Schema):
    """A target beside the rows that are there."""

    axis: str
    value: str
    rows: int
    target: int


class CoverageOut(Schema):
    """The counts, down by across; `as_of` is null where they were counted now; `lacking` says that there are too many
    rows to count now and no count of them. `found` maps a value down to its rows whose texts told it; `axes` are those
    that tell something here; `counting` says that a count is under way, `stale` that rows came or went since."""

    down: str
    across: str
    columns: list[str]
    rows: list[str]
    counts: list[list[int]]
    found: dict[str, int]
    holes: list[HoleOut]
    missing_terms: dict[str, list[str]]
    unused_seeds: int
    bare_documents: int
    axes: list[str]
    targets: list[AimOut]
    reached: float | None
    counting: bool
    stale: bool
    as_of: datetime | None
    lacking: bool


def told_coverage(seen: CoverageSeen) -> dict[str, Any]:
    """The coverage as plain data."""
    grid = seen.grid
    names = ("task_type", "topic", "language", "difficulty", "rows")
    return {
        "down": grid.down, "across": grid.across, "columns": list(grid.columns),
        "rows": [name for name, _ in grid.rows], "counts": [[cell.rows for cell in cells] for _, cells in grid.rows],
        "found": {head.value: head.found for head, _ in grid.lines if head.found},
        "holes": [{name: getattr(hole, name) for name in names} | {"fill": hole.query()} for hole in grid.holes],
        "missing_terms": {each.category: list(each.missing) for each in seen.unspoken},
        "unused_seeds": seen.seeds.unused, "bare_documents": seen.documents.bare, "axes": list(seen.axes),
        "targets": [{name: getattr(aim, name) for name in ("axis", "value", "rows", "target")} for aim in seen.aims],
        "reached": seen.reached, "counting": seen.counting.under_way, "stale": seen.counting.stale,
        "as_of": grid.as_of, "lacking": grid.lacking,
    }  # fmt: skip
