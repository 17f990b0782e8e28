"""What the rows are made of: task types, languages, who made them, how many a person has seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from generation.quality.report.base import Asked, RowFacts
from generation.types import ReportFinding, level_of

MOST_NAMES = 40
"""Names of a share that are told one by one; the rest is counted as one."""
_MOST_KEPT = 5000
"""Different names that are counted, so that a file with a name for each row needs no memory for it."""
_FIELDS = ("task_type", "language", "made_by")
MOST_OF_ONE = 0.8
"""Share of one task type above which it is worth knowing that a model sees little else."""
LEAST_REVIEWED = 0.95
NO_MODEL = ("rules", "template")


class Balance:
    """Counts by task type, language and maker, and the share that people decided about. Memory: a few names."""

    name = "balance"

    def __init__(self, asked: Asked) -> None:
        self._counts: dict[str, Counter[str]] = {field: Counter() for field in _FIELDS}
        self._rows = self._reviewed = self._turns = 0

    def see(self, row: RowFacts) -> None:
        """Counts one row."""
        self._rows += 1
        self._reviewed += row.reviewed
        self._turns += bool(row.draft.history)
        for field, name in zip(_FIELDS, (row.draft.task_type, row.draft.language, row.made_by), strict=True):
            counter = self._counts[field]
            counter[name if name in counter or len(counter) < _MOST_KEPT else "…"] += 1

    def told(self) -> Mapping[str, Any]:
        """Field -> [name, rows] with the most frequent first; rows that a person decided about, with earlier turns,
        and made without a model."""
        counts = {field: _first(counter) for field, counter in self._counts.items()}
        return counts | {
            "rows": self._rows, "reviewed": self._reviewed, "several_turns": self._turns,
            "without_model": self._without_model,
        }  # fmt: skip

    def findings(self) -> list[ReportFinding]:
        """The share that was reviewed, that of rows made without a model, and that of the most frequent task type."""
        found = []
        if any(self._counts["made_by"]):
            found.append(self._share("reviewed", self._reviewed, guide=(LEAST_REVIEWED, None)))
            found.append(self._share("without_model", self._without_model, guide=(None, 0.5), sure=False))
        if types := {name: count for name, count in self._counts["task_type"].items() if name}:
            name, most = max(types.items(), key=lambda each: (each[1], each[0]))
            guide = (None, MOST_OF_ONE)
            found.append(self._share("one_task_type", most, guide=guide, sure=False, detail={"name": name}))
        return found

    @property
    def _without_model(self) -> int:
        return sum(self._counts["made_by"][name] for name in NO_MODEL)

    def _share(
        self, code: str, hits: int, *, guide: tuple[float | None, float | None], sure: bool = True,
        detail: Mapping[str, Any] | None = None,
    ) -> ReportFinding:  # fmt: skip
        share = hits / self._rows
        low, high = guide
        outside = (low is not None and share < low) or (high is not None and share > high)
        level = level_of(outside=outside, sure=sure)
        return ReportFinding(code, level, share, "share", self._rows, hits, guide, detail=detail or {})


def _first(counter: Counter[str]) -> list[list[Any]]:
    ranked = sorted(counter.items(), key=lambda each: (-each[1], each[0]))
    rest = sum(count for _, count in ranked[MOST_NAMES:])
    return [[name, count] for name, count in ranked[:MOST_NAMES]] + ([["…", rest]] if rest else [])
