"""Two reports on quality side by side: what differs, which findings are new and which are gone. Plain figures only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.quality.report.settings import ReportSettings
from review.models import QualityReport

MOST_FIGURES = 200
_BAD = ("warn", "note")


@dataclass(frozen=True, slots=True)
class Both:
    """One finding in both reports; None where a report has none of its code. `change` is "new", "gone", "worse",
    "better" or "same", by its level."""

    code: str
    unit: str
    one: Mapping[str, Any] | None
    other: Mapping[str, Any] | None
    change: str

    @property
    def difference(self) -> float | None:
        """The second figure less the first; None where one is missing."""
        values = [each["value"] if each else None for each in (self.one, self.other)]
        return None if values[0] is None or values[1] is None else values[1] - values[0]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a section in both reports."""

    section: str
    name: str
    one: float | None
    other: float | None

    @property
    def difference(self) -> float | None:
        """The second less the first; None where one is missing."""
        return None if self.one is None or self.other is None else self.other - self.one


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that the page shows of two reports."""

    findings: Sequence[Both]
    figures: Sequence[Figure]
    counts: Mapping[str, int]


def compared(one: Mapping[str, Any], other: Mapping[str, Any]) -> Compared:
    """The two, changes first and worst first among them; figures of sections that differ, in the reports' order."""
    left = {each["code"]: each for each in one["findings"]}
    right = {each["code"]: each for each in other["findings"]}
    order = ("new", "worse", "gone", "better", "same")
    found = [_both(code, left.get(code), right.get(code)) for code in [*right, *(c for c in left if c not in right)]]
    found.sort(key=lambda each: order.index(each.change))
    counts = {change: sum(each.change == change for each in found) for change in order}
    return Compared(found, _figures(one, other), counts)


def other_settings(one: QualityReport, other: QualityReport) -> Sequence[tuple[str, Any, Any]]:
    """(setting, its value in the one, in the other) of every setting that two reports do not share: their figures do
    not compare where it matters."""
    told = [
        ReportSettings.from_asked(each.asked).model_dump() | {"random_seed": each.random_seed} for each in (one, other)
    ]
    return [(name, value, told[1][name]) for name, value in told[0].items() if value != told[1][name]]


def _both(code: str, one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> Both:
    levels = [each["level"] if each else "" for each in (one, other)]
    bad = [level in _BAD for level in levels]
    if not bad[0] and not bad[1]:
        change = "same"
    elif not bad[0]:
        change = "new"
    elif not bad[1]:
        change = "gone"
    else:
        places = [_BAD.index(level) for level in levels]
        change = "worse" if places[1] < places[0] else "better" if places[1] > places[0] else "same"
    unit = (other or one or {}).get("unit", "")
    return Both(code, unit, one, other, change)


def _figures(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Figure]:
    found = []
    names = [*other["sections"], *(name for name in one["sections"] if name not in other["sections"])]
    for section in names:
        left, right = dict(_numbers(one["sections"].get(section))), dict(_numbers(other["sections"].get(section)))
        every = [*right, *(each for each in left if each not in right)]
        found += [Figure(section, n, left.get(n), right.get(n)) for n in every if left.get(n) != right.get(n)]
    return found[:MOST_FIGURES]


def _numbers(figures: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, float]]:
    """Every number in plain mappings and in lists of [name, number]; long lists of records are no figures."""
    if isinstance(figures, bool) or figures is None or depth > 4:
        return
    if isinstance(figures, int | float):
        yield path, figures
    elif isinstance(figures, Mapping):
        for name, value in figures.items():
            yield from _numbers(value, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(figures, list) and all(isinstance(each, list) and len(each) == 2 for each in figures):
        for name, value in figures:
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield f"{path}.{name}", value
