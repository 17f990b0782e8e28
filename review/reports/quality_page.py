"""What stands where on the page of a report on quality: what tells the story first, everything else below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from review.models import QualityReport
from review.reports.quality_sections import SectionSeen, sections_of

_FIRST = ("sizes", "duplicates", "diversity")
_THEN = (
    "verb_nouns", "inputs", "balance", "contamination", "topics", "coverage", "seeds", "terms", "gold_positions",
    "profiles",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Laid:
    """The panes of a page: beside the open finding, in the line below it, and below its rows. `samples` is the filter
    that bars add theirs to, None where the report's rows are not those of a filter of samples."""

    beside: SectionSeen | None
    first: Sequence[SectionSeen]
    rest: Sequence[SectionSeen]
    samples: Mapping[str, str] | None = None


def laid_out(told: Mapping[str, Any], *, report: QualityReport | None = None) -> Laid:
    """The sections of a report as the page has them; those that it does not know come last."""
    panes = {pane.name: pane for pane in sections_of(told)}
    beside = panes.pop("checks", None)
    first = [panes.pop(name) for name in _FIRST if name in panes]
    then = [panes.pop(name) for name in _THEN if name in panes]
    last = panes.pop("examples", None)
    rest = [*then, *panes.values(), *([last] if last else [])]
    return Laid(beside, first, rest, samples_of_report(report) if report else None)


def samples_of_report(report: QualityReport) -> Mapping[str, str] | None:
    """The filter of samples whose rows a report measured; of a frozen version there is none, its texts are pinned."""
    if report.version_id is not None or "pairs" in report.criteria:
        return None
    return {"run": str(report.run_id)} if report.run_id else dict(report.criteria)
