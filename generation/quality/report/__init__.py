"""Reports on sets of rows: every section sees each row once. `SECTIONS` is the list that everything else walks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from generation.quality.report.balance import Balance
from generation.quality.report.base import Asked, HeldOut, RowFacts, Section
from generation.quality.report.checks import Checks
from generation.quality.report.contamination import Contaminated
from generation.quality.report.coverage import Coverage
from generation.quality.report.diversity import Diversity
from generation.quality.report.duplicates import Duplicates
from generation.quality.report.semantic import Semantic
from generation.quality.report.sizes import Sizes
from generation.types import LEVELS, ReportFinding

SECTIONS: tuple[Callable[[Asked], Section], ...] = (
    Sizes,
    Balance,
    Checks,
    Duplicates,
    Semantic,
    Contaminated,
    Diversity,
    Coverage,
)

VERSION = 1
_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class Report:
    """`told` is the report without ids, plain JSON; `rows` maps a finding's code to the ids that it speaks of."""

    told: Mapping[str, Any]
    rows: Mapping[str, list[int]]


def report_of(rows: Iterable[RowFacts], *, asked: Asked, told: Callable[[int], None] = lambda done: None) -> Report:
    """The report; `told` hears every so often how many rows were read. Findings come worst first."""
    sections = [made(asked) for made in SECTIONS]
    count = 0
    for count, row in enumerate(rows, 1):
        for section in sections:
            section.see(row)
        if count % _TOLD_EVERY == 0:
            told(count)
    found: list[tuple[str, ReportFinding]] = [
        (section.name, each) for section in sections for each in section.findings()
    ]
    found.sort(key=lambda each: (LEVELS.index(each[1].level), -_breach(each[1])))
    figures = {section.name: section.told() for section in sections}
    report = {
        "report": VERSION, "rows": count, "random_seed": asked.random_seed, "sections": figures,
        "findings": [{"section": name, **finding_as_json(each)} for name, each in found],
    }  # fmt: skip
    return Report(report, {each.code: list(each.rows) for _, each in found})


def _breach(found: ReportFinding) -> float:
    """How many times a figure is beyond its guide, 100 at most below one; without end where not one row was allowed."""
    low, high = found.guide
    if found.value is None:
        return 0.0
    if high is not None and found.value > high:
        return found.value / high if high > 0 else inf
    if low is not None and found.value < low:
        return low / max(found.value, low / 100)
    return 0.0


def finding_as_json(found: ReportFinding) -> dict[str, Any]:
    """The finding without its rows; how many there are stays."""
    return {
        "code": found.code, "level": found.level, "value": found.value, "unit": found.unit, "n": found.n,
        "hits": found.hits, "guide": list(found.guide), "interval": list(found.interval) if found.interval else None,
        "p": found.p, "rows": len(found.rows), "reason": found.reason, "remedies": list(found.remedies),
        "detail": dict(found.detail),
    }  # fmt: skip


__all__ = ["SECTIONS", "Asked", "HeldOut", "Report", "RowFacts", "Section", "finding_as_json", "report_of"]
