"""How long the rows are: code points of instruction, input and output, against the guide."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Mapping
from typing import Any

from generation.quality.report.base import Asked, RowFacts
from generation.types import ReportFinding

_BINS = (0, 10, 20, 50, 100, 200, 500, 1000, 2000, 4000, 8000)
FIELDS = ("instruction", "input", "output")


class Sizes:
    """Lengths in bins, and their sums. Memory: a few numbers."""

    name = "sizes"

    def __init__(self, asked: Asked) -> None:
        self._bins: dict[str, Counter[int]] = {field: Counter() for field in FIELDS}
        self._sums: Counter[str] = Counter()
        self._rows = 0

    def see(self, row: RowFacts) -> None:
        """Counts one row's characters."""
        self._rows += 1
        for field in FIELDS:
            size = len(getattr(row.draft, field))
            self._bins[field][_BINS[bisect(_BINS, size) - 1]] += 1
            self._sums[field] += size

    def told(self) -> Mapping[str, Any]:
        """Field -> rows by the lower bound of their bin, and the mean in characters."""
        return {
            field: {
                "bins": [[low, self._bins[field][low]] for low in _BINS],
                "mean": round(self._sums[field] / self._rows, 1) if self._rows else None,
            }
            for field in FIELDS
        }

    def findings(self) -> list[ReportFinding]:
        """None of its own: sizes outside the guide are findings of the check `size_guide`."""
        return []
