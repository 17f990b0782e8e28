"""Rows counted on every axis of coverage and on pairs of axes, as plain JSON that a page reads without the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop
from typing import Any

from generation.quality.diversity.grid import MOST_CELLS, MOST_VALUES, NONE, OTHERS
from generation.quality.report.coverage_axes import AXES, BANDS, COARSE, LENGTHS, Place

EXAMPLES = 40
"""Ids that are kept for each topic and task type, of the rows closest to it: what a run for more of them draws from."""
_MOST_EXAMPLED = 200
_KEPT_BY = ("task_type", "topic")
_PAIRS = tuple((one, other) for at, one in enumerate(AXES) for other in AXES[at + 1 :] if one in COARSE)
_ORDERED = {"difficulty": BANDS, "length": LENGTHS}


class Counts:
    """Counts rows one by one. `expected` are the values that an axis has to have, filled or not, in their order.

    A row may have several values on an axis and counts in each of them. Memory: a number for each cell that is not
    empty, up to 50,000 on a pair of axes, and the ids of the examples.
    """

    def __init__(self, expected: Mapping[str, Sequence[str]]) -> None:
        self._expected = {axis: tuple(dict.fromkeys(expected.get(axis, _ORDERED.get(axis, ())))) for axis in AXES}
        self._values: dict[str, Counter[str]] = {axis: Counter() for axis in AXES}
        self._found: dict[str, Counter[str]] = {axis: Counter() for axis in AXES}
        self._pairs: dict[tuple[str, str], Counter[tuple[str, str]]] = {pair: Counter() for pair in _PAIRS}
        self._examples: dict[tuple[str, str], list[tuple[float, int]]] = {}
        self._rows = 0

    def add(self, row: int, place: Place) -> None:
        """Counts one row."""
        self._rows += 1
        values = {axis: each or (NONE,) for axis, each in zip(AXES, place.values, strict=True)}
        for axis, mine in values.items():
            self._values[axis].update(mine)
            if axis in place.found:
                self._found[axis].update(mine)
        for one, other in _PAIRS:
            counts = self._pairs[one, other]
            for a in values[one]:
                for b in values[other]:
                    if (a, b) in counts or len(counts) < MOST_CELLS:
                        counts[a, b] += 1
                    else:
                        counts[a, OTHERS] += 1
        for axis in _KEPT_BY:
            self._keep((axis, values[axis][0]), row, place.close)

    def told(self) -> dict[str, Any]:
        """The counts as plain JSON: of each axis its `values` with their `counts` and how many rows of them were
        `found`, of each pair of axes the filled cells as [place down, place across, rows]; every term that some row
        speaks of; ids of examples."""
        axes = {axis: self._axis(axis) for axis in AXES}
        places = {axis: {value: at for at, value in enumerate(told["values"])} for axis, told in axes.items()}
        tables = {}
        for (one, other), counts in self._pairs.items():
            cells: Counter[tuple[int, int]] = Counter()
            for (a, b), n in counts.items():
                cells[_at(places[one], a), _at(places[other], b)] += n
            tables[f"{one}|{other}"] = [[a, b, n] for (a, b), n in sorted(cells.items())]
        examples = {
            axis: {value: [row for _, row in sorted(kept, reverse=True)]
                   for (known, value), kept in self._examples.items() if known == axis and value in places[axis]}
            for axis in _KEPT_BY
        }  # fmt: skip
        terms = sorted(each for each in self._values["term"] if each != NONE)
        return {"rows": self._rows, "axes": axes, "tables": tables, "terms": terms, "examples": examples}

    def _axis(self, axis: str) -> dict[str, Any]:
        counts, wanted = self._values[axis], self._expected[axis]
        more = sorted(set(counts) - {*wanted, NONE, OTHERS}, key=lambda each: (-counts[each], each))
        shown = [*wanted, *more][:MOST_VALUES]
        rest = sum(counts[each] for each in [*wanted, *more][MOST_VALUES:]) + counts[OTHERS]
        values = [*shown, *([OTHERS] if rest else []), *([NONE] if counts[NONE] else [])]
        return {
            "values": values, "counts": [rest if each == OTHERS else counts[each] for each in values],
            "found": [self._found[axis][each] for each in values],
            "filled": sum(1 for each, n in counts.items() if n and each not in (NONE, OTHERS)),
        }  # fmt: skip

    def _keep(self, key: tuple[str, str], row: int, close: float) -> None:
        """Keeps the row as an example of the value: the closest to their topic, of equal ones the last."""
        kept = self._examples.get(key)
        if kept is None:
            if len(self._examples) >= _MOST_EXAMPLED or key[1] == NONE:
                return
            kept = self._examples[key] = []
        if len(kept) < EXAMPLES:
            heappush(kept, (close, row))
        else:
            heappushpop(kept, (close, row))


@dataclass(frozen=True, slots=True)
class Table:
    """Two axes: the values down and across and the rows in each cell, the empty ones as 0."""

    down: Sequence[str]
    across: Sequence[str]
    counts: Sequence[Sequence[int]]


def table_of(told: Mapping[str, Any], down: str, across: str) -> Table:
    """Two different axes of what `Counts.told` gave, at least one of them coarse; `KeyError` for any other pair."""
    turned = f"{down}|{across}" not in told["tables"]
    cells = told["tables"][f"{across}|{down}" if turned else f"{down}|{across}"]
    rows, columns = told["axes"][down]["values"], told["axes"][across]["values"]
    counts = [[0] * len(columns) for _ in rows]
    for a, b, n in cells:
        counts[b if turned else a][a if turned else b] = n
    return Table(rows, columns, counts)


def pairable(one: str, other: str) -> bool:
    """Whether the two axes are counted against each other."""
    return one != other and (one in COARSE or other in COARSE) and {one, other} <= set(AXES)


def _at(places: Mapping[str, int], value: str) -> int:
    return places[value] if value in places else places[OTHERS]
