"""Rows counted by several aspects at once, the empty cells included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

MOST_VALUES = 40
"""Values of an axis that are told; the rarest of those that nobody asked for are counted as `OTHERS`."""
OTHERS = "…"
MOST_CELLS = 50_000
"""Cells that are counted apart; a file with a task type for each row needs no more memory than this."""
NONE = ""
"""The value of a row that has none on an axis."""


class Grid:
    """Counts over named axes. `expected` are the values that an axis has to have, filled or not, in their order.

    A row may have several values on an axis (two topics) and then counts in several cells. Memory: one number for each
    cell that is not empty, up to about `MOST_CELLS`.
    """

    def __init__(self, expected: Mapping[str, Sequence[str]]) -> None:
        self.expected = {name: tuple(dict.fromkeys(values)) for name, values in expected.items()}
        self._cells: Counter[tuple[str, ...]] = Counter()

    def add(self, values: Sequence[Iterable[str]], *, rows: int = 1) -> None:
        """Counts rows under the values of each axis, in the order of the axes; an axis without any is `NONE`."""
        for cell in product(*(tuple(each) or (NONE,) for each in values)):
            if len(self._cells) >= MOST_CELLS and cell not in self._cells:
                cell = tuple(self._known(axis, value) for axis, value in zip(self.expected, cell, strict=True))
            self._cells[cell] += rows

    def _known(self, axis: str, value: str) -> str:
        return value if value == NONE or value in self.expected[axis] else OTHERS

    def values(self, axis: str) -> list[str]:
        """The axis's values: those expected in their order, then others from the most frequent down, `NONE` last."""
        at = list(self.expected).index(axis)
        found: Counter[str] = Counter()
        for cell, count in self._cells.items():
            found[cell[at]] += count
        wanted = self.expected[axis]
        more = sorted(set(found) - {*wanted, NONE, OTHERS}, key=lambda each: (-found[each], each))
        room = max(0, MOST_VALUES - len(wanted))
        kept = [*wanted, *more[:room]]
        return (
            kept
            + ([OTHERS] if len(more) > room or found[OTHERS] else [])
            + ([NONE] if found[NONE] and NONE not in wanted else [])
        )

    def counts(self, *axes: str) -> Counter[tuple[str, ...]]:
        """Rows by the values of these axes, over all values of the others; empty cells read 0."""
        at = [list(self.expected).index(axis) for axis in axes]
        known = [set(self.values(axis)) for axis in axes]
        found: Counter[tuple[str, ...]] = Counter()
        for cell, count in self._cells.items():
            found[tuple(cell[a] if cell[a] in ok else OTHERS for a, ok in zip(at, known, strict=True))] += count
        return found

    def table(self, rows: str, columns: str) -> dict[str, object]:
        """Two axes as a table of counts, the empty cells as 0, with the names of its rows and columns."""
        counts, down, across = self.counts(rows, columns), self.values(rows), self.values(columns)
        return {
            "rows": rows, "columns": columns, "row_names": down, "column_names": across,
            "counts": [[counts[one, other] for other in across] for one in down],
        }  # fmt: skip

    def empty(self, *axes: str) -> list[tuple[str, ...]]:
        """The cells that hold no row, of the values that the axes are expected to have, in their order."""
        counts = self.counts(*axes)
        return [cell for cell in product(*(self.expected[axis] for axis in axes)) if not counts[cell]]
