"""How far the targets of a project are: rows that a value of an axis should have beside those that it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.holes import MOST, Hole
from generation.models import Project
from review.actions.coverage_counts import Targets, counted, targets_of
from review.reports.coverage_grid import FILLABLE, hole_of


@dataclass(frozen=True, slots=True)
class Aim:
    """One value that should have `target` rows and has `rows`; `hole` is the run that would bring what lacks."""

    axis: str
    value: str
    rows: int
    target: int
    hole: Hole | None = None

    @property
    def lacking(self) -> int:
        """Rows that lack, 0 when it is reached."""
        return max(0, self.target - self.rows)

    @property
    def shown(self) -> int:
        """Its rows up to the target, for a meter."""
        return min(self.rows, self.target)


def aims_of(told: Mapping[str, Any], targets: Targets) -> list[Aim]:
    """Every target beside its rows, those first that are furthest away."""
    found = []
    for axis, wanted in targets.items():
        known = told["axes"].get(axis)
        if known is None:
            continue
        have = dict(zip(known["values"], known["counts"], strict=True))
        for value, target in wanted.items():
            rows = have.get(value, 0)
            able = axis in FILLABLE and rows < target
            hole = hole_of(told, {axis: value}, rows=min(MOST, target - rows)) if able else None
            found.append(Aim(axis, value, rows, target, hole))
    return sorted(found, key=lambda each: (-each.lacking / each.target, -each.lacking, each.axis, each.value))


def share_reached(aims: Sequence[Aim]) -> float | None:
    """How much of all targets is reached, 0 to 1, none of them counting for more than itself; None without one."""
    whole = sum(each.target for each in aims)
    return sum(each.shown for each in aims) / whole if whole else None


def rows_lacking(project: Project) -> int:
    """Approved rows that lack of the project's targets, as the newest count found them; 0 where nothing was aimed at
    or counted. Of a row that several targets want each one is told."""
    targets = {axis: each for axis, each in targets_of(project).items() if axis != "difficulty"}
    newest = counted(project) if targets else None
    told = newest.cursor.get("told", {}) if newest else {}
    return sum(each.lacking for each in aims_of(told["approved"], targets)) if told else 0
