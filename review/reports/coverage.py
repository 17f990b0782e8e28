"""How the rows of a project spread over task types, topics, languages and difficulties, and which cells are empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import fmean
from typing import Any

from django.db.models import Count, Exists, OuterRef

from generation.access import Seat
from generation.holes import MOST_SEEDS, MOST_TERMS, Hole
from generation.models import Project, Sample, Seed
from generation.models.samples import SampleQuerySet
from generation.quality.diversity import NONE, Grid, Terms
from generation.quality.diversity.grid import OTHERS
from generation.quality.report.coverage_axes import BANDS, difficulty_of
from review.mixes.recipe import Recipe
from review.models import QualityReport
from review.quality_facts import coverage_of
from review.reports.counts import may_count
from review.rows import score_of
from review.selection import Selection

AXES = ("task_type", "topic", "language", "difficulty")
COLUMNS = frozenset({"task_type", "language"})
"""Axes that are columns of the rows themselves: one grouped count, however many rows there are."""
READ_UP_TO = 5000
"""Rows that a page reads for topics and difficulties; of more it shows what the newest report measured."""
_LOOKED_AT = 2000
_MOST_HOLES = 200
_SHOWN_SEEDS = 20
_HEATS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its rows, how dark it is (0 to 5), and what would fill it where it is empty or far below the mean."""

    rows: int
    heat: int
    hole: Hole | None = None


@dataclass(frozen=True, slots=True)
class GridSeen:
    """The table of two axes. `as_of` is when a report counted it, None where it was counted now; `lacking` says that
    there are too many rows to count now and no report that did."""

    down: str
    across: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    total: int
    as_of: datetime | None = None
    lacking: bool = False

    @property
    def holes(self) -> list[Hole]:
        """What lacks rows, empty cells first, at most 200."""
        found = [(cell.rows > 0, cell.hole) for _, cells in self.rows for cell in cells if cell.hole is not None]
        return [hole for _, hole in sorted(found, key=lambda each: each[0])][:_MOST_HOLES]

    @property
    def empty(self) -> int:
        """How many cells hold no row at all."""
        return sum(not cell.rows and cell.hole is not None for _, cells in self.rows for cell in cells)


@dataclass(frozen=True, slots=True)
class Unspoken:
    """The terms of a vocabulary's category that no row speaks of; `missing` holds the first of them."""

    category: str
    terms: int
    hit: int
    missing: Sequence[str]

    @property
    def hole(self) -> Hole:
        """What a run about these terms is begun with."""
        return Hole(terms=tuple(self.missing[:MOST_TERMS]))


@dataclass(frozen=True, slots=True)
class UnusedSeeds:
    """Seeds that no row descends from: how many of how many, and the first of them."""

    seeds: int
    unused: int
    first: Sequence[Seed] = ()
    ids: Sequence[int] = ()

    @property
    def hole(self) -> Hole:
        """What a run of these seeds is begun with."""
        return Hole(seeds=tuple(self.ids))


@dataclass(frozen=True, slots=True)
class CoverageSeen:
    """Everything that the page of coverage shows."""

    grid: GridSeen
    unspoken: Sequence[Unspoken]
    seeds: UnusedSeeds
    axes: Sequence[str] = field(default_factory=tuple)


def axes_for(seat: Seat) -> tuple[str, ...]:
    """The axes that the person may choose: how hard rows are is told by scores, which not everybody may know."""
    blind = not may_count(seat, Recipe.of(Selection(aspect="difficulty")))
    return tuple(axis for axis in AXES if axis != "difficulty" or not blind)


def coverage_seen(seat: Seat, *, down: str, across: str, approved: bool) -> CoverageSeen:
    """The rows of the project by two axes, and what was never used. `approved` False: rows that wait are counted too.

    One grouped count for task type by language; the others are read off at most 5,000 rows, or off the newest report.
    """
    project, axes = seat.project, axes_for(seat)
    wanted = coverage_of(project)
    down = down if down in axes else "task_type"
    usual = ("topic", "language", "task_type") if wanted.get("categories") else ("language", "task_type")
    across = across if across in axes and across != down else next(axis for axis in usual if axis != down)
    rows = _rows(project, approved=approved)
    known = rows[: READ_UP_TO + 1].count()
    hit: set[tuple[str, str]] | None = None
    as_of, lacking = None, False
    if known <= READ_UP_TO:
        grid, hit = _read(rows, project, wanted)
        table: Mapping[str, Any] = grid.table(down, across)
    elif {down, across} <= COLUMNS:
        table = _grouped(rows, project, wanted).table(down, across)
    else:
        table, as_of = _stored(project, down=down, across=across, approved=approved)
        lacking = not table
    seen = _seen(table, down=down, across=across, as_of=as_of, lacking=lacking)
    return CoverageSeen(seen, _unspoken(project, wanted, hit, approved=approved), _unused_seeds(project), axes)


def _rows(project: Project, *, approved: bool) -> SampleQuerySet:
    states = [Sample.State.APPROVED] if approved else [Sample.State.APPROVED, Sample.State.NEEDS_REVIEW]
    return Sample.objects.in_project(project).filter(state__in=states)


def _grid(project: Project, wanted: Mapping[str, Any]) -> Grid:
    return Grid({
        "task_type": tuple(wanted.get("task_types", ())), "topic": tuple(wanted.get("categories", ())),
        "language": (project.language[:2],) if project.language else (), "difficulty": BANDS,
    })  # fmt: skip


def _grouped(rows: SampleQuerySet, project: Project, wanted: Mapping[str, Any]) -> Grid:
    grid = _grid(project, wanted)
    counted = rows.order_by().values_list("task_type", "language").annotate(n=Count("pk"))
    for task_type, language, count in counted:
        grid.add(([task_type] if task_type else [], [], [language] if language else [], []), rows=count)
    return grid


def _read(
    rows: SampleQuerySet, project: Project, wanted: Mapping[str, Any]
) -> tuple[Grid, set[tuple[str, str]]]:  # fmt: skip
    """The grid with all its axes, and which (category, term) some row speaks of, in its prompt or its tags."""
    grid, terms = _grid(project, wanted), Terms(wanted.get("categories") or {})
    tagged = {term[:40]: (category, term) for category, listed in terms.names.items() for term in listed}
    hit: set[tuple[str, str]] = set()
    columns = ("task_type", "language", "tags", "scores", "instruction", "input")
    for task_type, language, tags, scores, instruction, given in rows.order_by().values_list(*columns).iterator():
        found = terms.found_in(f"{instruction[:_LOOKED_AT]}\n{given[:_LOOKED_AT]}") if tagged else set()
        found |= {tagged[tag] for tag in tags if tag in tagged}
        hit |= found
        values = {name: score_of({name: score}) for name, score in (scores or {}).items()}
        hard = difficulty_of(tags, {name: float(value) for name, value in values.items() if value is not None})
        topics = sorted({category for category, _ in found})
        grid.add(([task_type] if task_type else [], topics, [language] if language else [], hard))
    return grid, hit


def _stored(
    project: Project, *, down: str, across: str, approved: bool
) -> tuple[Mapping[str, Any], datetime | None]:  # fmt: skip
    """The table as the newest report on all rows counted it, and when; ({}, None) where there is none."""
    section, when = _newest(project, approved=approved)
    for table in section.get("tables", ()):
        if table["rows"] == down and table["columns"] == across:
            return table, when
        if table["rows"] == across and table["columns"] == down:
            turned = [list(each) for each in zip(*table["counts"], strict=True)]
            return {"row_names": table["column_names"], "column_names": table["row_names"], "counts": turned}, when
    return {}, None


def _newest(project: Project, *, approved: bool) -> tuple[Mapping[str, Any], datetime | None]:
    found = QualityReport.objects.filter(
        project=project, version=None, run=None, criteria={"state": "approved"} if approved else {}
    ).exclude(finished_at=None)
    report = found.order_by("-pk").first()
    return (report.told.get("sections", {}).get("coverage", {}), report.finished_at) if report else ({}, None)


def _seen(
    table: Mapping[str, Any], *, down: str, across: str, as_of: datetime | None, lacking: bool
) -> GridSeen:  # fmt: skip
    columns, names = list(table.get("column_names", ())), list(table.get("row_names", ()))
    counts: list[list[int]] = list(table.get("counts", ()))
    filled = [count for row in counts for count in row if count]
    most, mean = max(filled, default=0), fmean(filled) if filled else 0.0
    rows = []
    for name, row in zip(names, counts, strict=True):
        own = [count for count, column in zip(row, columns, strict=True) if count and _named(column)]
        target = fmean(own) if own else mean
        cells = [
            Cell(count, -(-count * _HEATS // most) if most else 0,
                 _hole({down: name, across: column}, count=count, target=target))
            for count, column in zip(row, columns, strict=True)
        ]  # fmt: skip
        rows.append((name, cells))
    return GridSeen(down, across, columns, rows, sum(filled), as_of, lacking)


def _named(value: str) -> bool:
    return value not in (NONE, OTHERS)


def _hole(values: Mapping[str, Any], *, count: int, target: float) -> Hole | None:
    """What lacks rows: an empty cell, or one with less than a quarter of the mean of the filled cells of its row."""
    if not all(_named(value) for value in values.values()) or (count and count * 4 >= target):
        return None
    return Hole(**values, rows=max(1, round(target) - count) if target else 0)


def _unspoken(
    project: Project, wanted: Mapping[str, Any], hit: set[tuple[str, str]] | None, *, approved: bool
) -> list[Unspoken]:  # fmt: skip
    if hit is None:
        told = _newest(project, approved=approved)[0].get("terms", {})
        return [
            Unspoken(name, each["terms"], each["hit"], each["missing"])
            for name, each in told.items()
            if each["missing"]
        ]
    found = []
    for category, listed in (wanted.get("categories") or {}).items():
        terms = list(dict.fromkeys(listed))
        missing = [term for term in terms if (category, term) not in hit]
        if missing:
            found.append(Unspoken(category, len(terms), len(terms) - len(missing), missing[:MOST_TERMS]))
    return found


def _unused_seeds(project: Project) -> UnusedSeeds:
    rows = Seed.objects.in_project(project)
    count = rows.count()
    if not count:
        return UnusedSeeds(0, 0)
    unused = rows.filter(~Exists(Sample.objects.filter(seed=OuterRef("pk")))).order_by("pk")
    ids = list(unused.values_list("pk", flat=True)[:MOST_SEEDS])
    several = unused.count() if len(ids) == MOST_SEEDS else len(ids)
    return UnusedSeeds(count, several, list(unused[:_SHOWN_SEEDS]), ids)
