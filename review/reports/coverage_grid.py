"""The table of two axes of coverage: its cells, how dark each is, and which of them hold fewer rows than one would
expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import fmean
from typing import Any

from generation.holes import MOST_SAMPLES, Hole
from generation.quality.diversity import NONE, OTHERS
from generation.quality.report.coverage_counts import table_of
from review.actions.coverage_counts import Targets

FILLABLE = ("task_type", "topic", "language", "difficulty", "category", "term", "document", "seed")
"""Axes whose values a run can be held to, or started from."""
_MOST_HOLES = 200
_HEATS = 5
_FEWEST = 2.0
"""Rows that one has to expect in a cell before an empty one is worth a word."""


@dataclass(frozen=True, slots=True)
class Head:
    """A value of an axis: what it is called where that is not the value itself, its rows, and how many of these did
    not say it."""

    value: str
    rows: int
    found: int = 0
    label: str = ""

    @property
    def mostly_found(self) -> bool:
        """Whether most of its rows did not say it."""
        return self.found * 2 > self.rows


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its rows, how dark it is (0 to 5), and what would fill it where it holds fewer rows than expected."""

    rows: int
    heat: int
    expected: int = 0
    hole: Hole | None = None


@dataclass(frozen=True, slots=True)
class GridSeen:
    """The table of two axes. `as_of` is when it was counted, None where that is now; `lacking` says that the rows were
    not counted yet; `total` is how many rows there are."""

    down: str
    across: str
    across_heads: Sequence[Head] = ()
    lines: Sequence[tuple[Head, Sequence[Cell]]] = ()
    total: int = 0
    as_of: datetime | None = None
    lacking: bool = False

    @property
    def columns(self) -> list[str]:
        """The values across."""
        return [head.value for head in self.across_heads]

    @property
    def rows(self) -> list[tuple[str, Sequence[Cell]]]:
        """Each value down with its cells."""
        return [(head.value, cells) for head, cells in self.lines]

    @property
    def holes(self) -> list[Hole]:
        """What lacks rows, those first that lack most, at most 200."""
        found = [cell for _, cells in self.lines for cell in cells if cell.hole is not None]
        return [cell.hole for cell in sorted(found, key=lambda each: each.rows - each.expected) if cell.hole][
            :_MOST_HOLES
        ]

    @property
    def empty(self) -> int:
        """Cells without a row, of the values that have a name."""
        return sum(
            not cell.rows
            for head, cells in self.lines if named(head.value)
            for other, cell in zip(self.across_heads, cells, strict=True) if named(other.value)
        )  # fmt: skip

    @property
    def cells(self) -> int:
        """Cells of values that have a name."""
        return sum(named(head.value) for head, _ in self.lines) * sum(named(each.value) for each in self.across_heads)

    @property
    def flat(self) -> bool:
        """Whether there is but one value down or across, so that the table cannot say what is missing."""
        down = sum(named(head.value) for head, _ in self.lines)
        return min(down, sum(named(each.value) for each in self.across_heads)) < 2


def named(value: str) -> bool:
    """Whether it is a value at all, not what rows without one or the rest stand under."""
    return value not in (NONE, OTHERS)


def grid_of(
    told: Mapping[str, Any], down: str, across: str, *, targets: Targets, labels: Mapping[str, Mapping[str, str]]
) -> GridSeen:  # fmt: skip
    """The table out of what `Counts.told` gave. Values that are aimed at and have no row stand in it too; `labels`
    names the values of axes whose values are ids."""
    table = table_of(told, down, across)
    lines = _heads(told, down, targets, labels)
    columns = _heads(told, across, targets, labels)
    counts = {
        (a, b): n
        for a, row in zip(table.down, table.counts, strict=True)
        for b, n in zip(table.across, row, strict=True)
    }
    expected = _expected(_sizes(lines, targets.get(down, {})), _sizes(columns, targets.get(across, {})), counts)
    most = max(counts.values(), default=0)
    able = {down, across} <= set(FILLABLE)
    seen = []
    for head in lines:
        cells = []
        for other in columns:
            n, due = counts.get((head.value, other.value), 0), expected.get((head.value, other.value), 0.0)
            hole = None
            if able and due >= _FEWEST and n * 4 < due:
                hole = hole_of(told, {down: head.value, across: other.value}, rows=max(1, round(due) - n))
            cells.append(Cell(n, -(-n * _HEATS // most) if most else 0, round(due), hole))
        seen.append((head, cells))
    return GridSeen(down, across, columns, seen, told["rows"])


def hole_of(told: Mapping[str, Any], values: Mapping[str, str], *, rows: int) -> Hole:
    """What would be made for a cell, or for one value: with rows to start from, those of its topic before those of its
    task type, else a few of every type."""
    hole = Hole(rows=rows, samples=_like(told.get("examples", {}), values))
    for axis, value in values.items():
        if axis == "term":
            hole = replace(hole, terms=(value,))
        elif axis == "seed":
            hole = replace(hole, seeds=(int(value),))
        elif axis == "document":
            hole = replace(hole, document=int(value))
        else:
            said: dict[str, Any] = {"topic" if axis == "category" else axis: value}
            hole = replace(hole, **said)
    return hole


def _like(examples: Mapping[str, Mapping[str, Sequence[int]]], values: Mapping[str, str]) -> tuple[int, ...]:
    for axis in ("topic", "task_type"):
        if ids := examples.get(axis, {}).get(values.get(axis, "")):
            return tuple(ids[:MOST_SAMPLES])
    if {"topic", "category", "term", "task_type"} & set(values):
        return ()  # rows that are about something else, or ask for something else, are no beginning
    lists = list(examples.get("task_type", {}).values())
    turns = [ids[at] for at in range(max(map(len, lists), default=0)) for ids in lists if at < len(ids)]
    return tuple(turns[:MOST_SAMPLES])


def _heads(
    told: Mapping[str, Any], axis: str, targets: Targets, labels: Mapping[str, Mapping[str, str]]
) -> list[Head]:  # fmt: skip
    mine = told["axes"][axis]
    names = labels.get(axis, {})
    known = zip(mine["values"], mine["counts"], mine["found"], strict=True)
    heads = [Head(value, n, found, names.get(value, "")) for value, n, found in known]
    aimed = [Head(value, 0) for value in targets.get(axis, {}) if value not in mine["values"]]
    at = next((number for number, head in enumerate(heads) if not named(head.value)), len(heads))
    return [*heads[:at], *aimed, *heads[at:]]


def _sizes(heads: Sequence[Head], targets: Mapping[str, int]) -> dict[str, int]:
    """Value -> its rows, or the rows that it should have where it has none yet."""
    return {head.value: head.rows or targets.get(head.value, 0) for head in heads if named(head.value)}


def _expected(
    lines: Mapping[str, int], columns: Mapping[str, int], counts: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], float]:  # fmt: skip
    """The rows that a cell would hold if the two axes had nothing to do with each other: rows of the line times those
    of the column by all. Where a value has no row at all and none is aimed at, or there is only one line or column, the
    mean of the cells that have some."""
    own = {(a, b): counts.get((a, b), 0) for a in lines for b in columns}
    total = sum(own.values())
    mean = fmean([n for n in own.values() if n] or [0])
    by_line = {a: sum(own[a, b] for b in columns) for a in lines}
    by_column = {b: sum(own[a, b] for a in lines) for b in columns}
    several = len(lines) > 1 and len(columns) > 1
    found = {}
    for a, b in own:
        known = several and total and lines[a] and columns[b]
        line, column = by_line[a] or lines[a], by_column[b] or columns[b]
        found[a, b] = line * column / total if known else mean
    return found
