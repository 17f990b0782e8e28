"""How the rows of a project spread over what they are about, which cells are empty, and how far its targets are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from generation.access import Seat
from generation.actions.tallies import counts as tallied
from generation.models import Document, Job, Project, Run, Sample, Seed
from generation.quality.diversity.topics import TopicModel
from generation.quality.report.coverage_axes import AXES, FINE, Reader
from generation.quality.report.coverage_counts import Counts, pairable
from review.actions.coverage_counts import (
    AIMED_AT,
    GROWN,
    counted,
    expected_of,
    newest_count,
    targets_of,
)  # fmt: skip
from review.mixes.recipe import Recipe
from review.policies import can_measure
from review.quality_facts import ALIVE, alive_in, coverage_of, facts_of_samples
from review.reports.counts import may_count
from review.reports.coverage_grid import GridSeen, grid_of, named
from review.reports.coverage_lacks import BareDocuments, Unspoken, UnusedSeeds, bare_documents, unspoken, unused_seeds
from review.reports.coverage_targets import Aim, aims_of, share_reached
from review.selection import Selection

READ_UP_TO = 500
"""Rows that a page reads by itself; of more it shows what the newest count found."""
COUNTED_BY_ITSELF = 20_000
"""Rows up to which a page has them counted anew by itself when some came or went."""
_FEW = 8
"""Rows from which topics can be found."""


@dataclass(frozen=True, slots=True)
class Counting:
    """The work that stands behind the page: the newest `job`, whether it is under way, whether the page should have
    one begun by itself (`due`), and whether rows came or went since the last (`stale`)."""

    job: Job | None = None
    under_way: bool = False
    due: bool = False
    stale: bool = False


@dataclass(frozen=True, slots=True)
class CoverageSeen:
    """Everything that the page of coverage shows."""

    grid: GridSeen
    unspoken: Sequence[Unspoken]
    seeds: UnusedSeeds
    documents: BareDocuments = field(default_factory=lambda: BareDocuments(0, 0))
    axes: Sequence[str] = field(default_factory=tuple)
    aims: Sequence[Aim] = ()
    reached: float | None = None
    counting: Counting = field(default_factory=Counting)


def axes_for(seat: Seat) -> tuple[str, ...]:
    """The axes that the person may choose: how hard rows are is told by scores, which not everybody may know."""
    blind = not may_count(seat, Recipe.of(Selection(aspect="difficulty")))
    return tuple(axis for axis in AXES if axis != "difficulty" or not blind)


def coverage_seen(seat: Seat, *, down: str, across: str, approved: bool) -> CoverageSeen:
    """The rows of the project by two axes, what was never used, and the targets. `approved` False: rows that wait are
    counted too. At most 500 rows are read; of more the newest count is shown."""
    project, wanted, newest = seat.project, coverage_of(seat.project), counted(seat.project)
    kept: Mapping[str, Any] = newest.cursor.get("told", {}) if newest else {}
    rows = alive_in(project)
    live = rows[: READ_UP_TO + 1].count() <= READ_UP_TO
    as_of: datetime | None = None
    told: Mapping[str, Any] | None = None
    if live:
        told = _read(project, wanted, kept, approved=approved)
    elif kept:
        told, as_of = kept["approved" if approved else "all"], datetime.fromisoformat(kept["as_of"])
    targets, axes = targets_of(project), axes_for(seat)
    seeds, documents = unused_seeds(project), bare_documents(project)
    counting = _counting(seat, kept, live=live)
    if told is None:
        grid = GridSeen("topic", "task_type", lacking=True)
        return CoverageSeen(grid, [], seeds, documents, axes, counting=counting)
    axes = tuple(axis for axis in axes if _filled(told, axis) or axis in targets or axis in ("task_type", "language"))
    down, across = _chosen(told, axes, down, across)
    grid = replace(
        grid_of(told, down, across, targets=targets, labels=_labels(project, told, down, across)), as_of=as_of
    )
    aims = aims_of(told, {axis: each for axis, each in targets.items() if axis in axes})
    return CoverageSeen(
        grid, unspoken(wanted, set(told["terms"])), seeds, documents, axes, aims, share_reached(aims), counting
    )


def may_aim(axis: str) -> bool:
    """Whether somebody may say how many rows a value of the axis should have."""
    return axis in AIMED_AT


def _read(project: Project, wanted: Mapping[str, Any], kept: Mapping[str, Any], *, approved: bool) -> dict[str, Any]:
    """Counts the rows here and now, by the topics of the newest count."""
    rows = alive_in(project)
    if approved:
        rows = rows.filter(state=Sample.State.APPROVED)
    reader, counts = Reader(wanted, TopicModel.from_json(kept.get("model", {}))), Counts(expected_of(wanted))
    for facts in facts_of_samples(rows):
        counts.add(facts.id, reader.place(facts))
    return counts.told()


def _counting(seat: Seat, kept: Mapping[str, Any], *, live: bool) -> Counting:
    """Rows that a page reads by itself are counted only to find topics, and anew when there are many more."""
    states = tallied(seat.project.pk, kind="sample")
    rows = sum(states.get(state, 0) for state in ALIVE)
    newest = newest_count(seat.project)
    under_way = newest is not None and not newest.over
    if live:
        stale = rows >= _FEW and rows > GROWN * kept.get("modelled", 0)
    else:
        stale = not kept or kept["states"] != {state: states.get(state, 0) for state in ALIVE}
    failed = newest is not None and newest.state in (Job.State.FAILED, Job.State.CANCELLED)
    by_itself = not kept or rows <= COUNTED_BY_ITSELF
    due = stale and by_itself and not under_way and not failed and can_measure(seat)
    return Counting(newest, under_way, due, stale)


def _filled(told: Mapping[str, Any], axis: str) -> bool:
    return any(map(named, told["axes"][axis]["values"]))


def _several(told: Mapping[str, Any], axis: str) -> bool:
    return sum(map(named, told["axes"][axis]["values"])) > 1


def _chosen(told: Mapping[str, Any], axes: Sequence[str], down: str, across: str) -> tuple[str, str]:
    """The axes asked for as far as they go together, else those that tell most: what rows are about by what they ask
    for."""
    usual = [axis for axis in ("category", "topic", "task_type") if axis in axes and _several(told, axis)]
    down = down if down in axes else next(iter(usual), "task_type")
    if across not in axes or not pairable(down, across):
        across = next(axis for axis in ("task_type", "language", *axes) if axis in axes and pairable(down, axis))
    return down, across


def _labels(project: Project, told: Mapping[str, Any], *axes: str) -> dict[str, dict[str, str]]:
    """What the seeds, documents and runs of the table are called."""
    found: dict[str, dict[str, str]] = {}
    for axis in set(axes) & set(FINE):
        ids = [int(value) for value in told["axes"][axis]["values"] if value.isdecimal()] if axis in _CALLED else []
        if ids:
            found[axis] = _CALLED[axis](project, ids)
    return found


def _seeds(project: Project, ids: Sequence[int]) -> dict[str, str]:
    return {str(each.pk): f"#{each.pk} {each}"[:80] for each in Seed.objects.filter(project=project, pk__in=ids)}


def _documents(project: Project, ids: Sequence[int]) -> dict[str, str]:
    rows = Document.objects.in_project(project).filter(pk__in=ids).listed()
    return {str(each.pk): f"#{each.pk} {each}"[:80] for each in rows}


def _runs(project: Project, ids: Sequence[int]) -> dict[str, str]:
    rows = Run.objects.filter(project=project, pk__in=ids).values_list("pk", "recipe")
    return {str(pk): f"#{pk} {recipe}" for pk, recipe in rows}


_CALLED = {"seed": _seeds, "document": _documents, "run": _runs}
