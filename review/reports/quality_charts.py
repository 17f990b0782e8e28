"""The pieces that sections of a report on quality are drawn with: figures, bars, histograms, tables, grids and groups
of rows, as plain numbers in the units of a view box. A section that nobody has drawn yet shows as plain figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LEFT, _RIGHT, _TOP, _BOTTOM = 4, 356, 16, 80
"""Inside a view box of 360 x 98."""
MOST_BARS = 12
MOST_ROWS = 20
_MOST_FACTS = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: of a histogram its rectangle, of a list its `width` in hundredths. `kind` is its colour's name;
    `finding` the code of a finding that holds its rows, `find` a filter of samples that leads to them (("language",
    "zh")), `seed` the seed that it counts."""

    label: str
    value: float
    unit: str = "count"
    width: float = 0.0
    kind: str = "acc"
    x: float = 0.0
    y: float = 0.0
    height: float = 0.0
    finding: str = ""
    find: tuple[str, str] | None = None
    seed: int = 0

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a section. `kind`: "facts" (label, value, unit), "share" (a large figure and what it is of), "bars",
    "histogram", "table" (head and rows), "grid" (the same with a shade for each number), "groups" of rows that belong
    together, "beside" (rows beside evaluation texts), "gauges" (figures beside their guides), "rings" and "curves"
    (`drawn`), "verbs", "names" (`head`: a list of words), "words". `title` is a code that words are found for, or a
    name of the data's own; `guide` is where the guide is drawn in: (x, width)."""

    kind: str
    title: str = ""
    facts: Sequence[tuple[str, Any, str]] = ()
    bars: Sequence[Bar] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    guide: tuple[float, float] | None = None
    groups: Sequence[Mapping[str, Any]] = ()
    more: int = 0
    drawn: Any = None


def plain(figures: Mapping[str, Any]) -> list[Block]:
    """Any section: numbers as facts, lists of [name, number] as bars, lists of records as tables."""
    facts: list[tuple[str, Any, str]] = []
    blocks: list[Block] = []
    for name, value in figures.items():
        _plain(name, value, facts, blocks, depth=0)
    return ([Block("facts", facts=facts[:_MOST_FACTS])] if facts else []) + blocks


def bars(
    title: str, counts: Sequence[tuple[Any, float]], *, unit: str = "count", most: int = MOST_BARS,
    leads: Mapping[Any, Mapping[str, Any]] | None = None,
) -> Block:  # fmt: skip
    """A list of bars, the longest as wide as the list. `leads` says of a name where its rows are, and its colour: what
    `Bar` takes."""
    top = max((value for _, value in counts), default=0) or 1
    shown = [
        Bar(**{
            "label": str(name), "value": value, "unit": unit, "width": round(100 * max(value, 0) / top, 1),
            "kind": "mut" if name == "…" else "acc", **(leads or {}).get(name, {}),
        })
        for name, value in counts[:most]
    ]  # fmt: skip
    return Block("bars", title, bars=shown, more=max(0, len(counts) - most))


def grid(title: str, names: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> Block:
    """A table of counts with five shades; a cell of nothing has none."""
    most = max((count for row in counts for count in row), default=0) or 1
    rows = [
        (name, [(count, -(-count * 5 // most)) for count in row])
        for name, row in list(zip(names, counts, strict=True))[:MOST_ROWS]
    ]  # fmt: skip
    return Block("grid", title, head=columns, rows=rows, more=max(0, len(names) - MOST_ROWS))


def histogram(
    title: str, counts: Sequence[tuple[Any, float]], *, guide: tuple[float | None, float | None] | None = None,
    labels: Sequence[str] = (), mean: float | None = None,
) -> Block:  # fmt: skip
    """Bars that stand side by side, by the lower bound of each; those wholly outside the guide are coloured and the
    guide is drawn in behind the others. `mean` is told beside the title."""
    while len(counts) > 1 and not counts[-1][1] and not labels:
        counts = counts[:-1]
    most = max((value for _, value in counts), default=0) or 1
    step = (_RIGHT - _LEFT) / max(len(counts), 1)
    low, high = guide or (None, None)
    shown, inside = [], []
    for at, (start, value) in enumerate(counts):
        x = round(_LEFT + at * step, 1)
        end = counts[at + 1][0] if at + 1 < len(counts) else math.inf
        fits = (low is None or end > low) and (high is None or start < high)
        inside += [x] if fits else []
        height = round((_BOTTOM - _TOP) * value / most, 1) if value else 0.0
        height = max(height, 1.0) if value else 0.0
        y = round(_BOTTOM - height, 1)
        kind = "acc" if fits else "warn"
        shown.append(
            Bar(labels[at] if labels else f"{start:g}", value, "count", round(step - 2, 1), kind, x + 1, y, height)
        )
    band = (inside[0], round(inside[-1] - inside[0] + step, 1)) if guide and inside else None
    facts = [("mean", mean, "number")] if mean is not None else []
    return Block("histogram", title, bars=shown, guide=band, facts=facts)


def _plain(name: str, value: Any, facts: list[tuple[str, Any, str]], blocks: list[Block], *, depth: int) -> None:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float | str):
        facts.append((name, value, "count" if isinstance(value, int) else "number"))
    elif isinstance(value, Mapping):
        numbers = [(key, each) for key, each in value.items() if _is_number(each)]
        if numbers and len(numbers) == len(value) and depth:
            blocks.append(
                bars(name, numbers, unit="count" if all(isinstance(n, int) for _, n in numbers) else "number")
            )
        elif depth < 3:
            for key, each in value.items():
                _plain(f"{name}.{key}" if depth or not _is_number(each) else key, each, facts, blocks, depth=depth + 1)
    elif value and all(isinstance(each, Mapping) for each in value):
        blocks.append(_table(name, value))
    elif value and all(isinstance(each, list) and len(each) == 2 and _is_number(each[1]) for each in value):
        blocks.append(bars(name, [(str(label), number) for label, number in value]))
    elif value and all(_is_number(each) or isinstance(each, str) for each in value):
        facts.append((name, ", ".join(f"{each:g}" if _is_number(each) else each for each in value[:12]), "text"))


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> Block:
    head = [key for key in rows[0] if not isinstance(rows[0][key], Mapping)]
    return Block("table", name, head=head, rows=[[_cell(row.get(key)) for key in head] for row in rows[:MOST_ROWS]],
                 more=max(0, len(rows) - MOST_ROWS))  # fmt: skip


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value[:8])
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
