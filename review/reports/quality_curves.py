"""Lines over seeds: whether more seeds made the same number of rows more diverse. Plain numbers in a view box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 346, 16, 136
"""Inside a view box of 360 x 178."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One measured point."""

    x: float
    y: float
    seeds: int
    value: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One line with its points: `name` says what it is of, `kind` is its colour's name."""

    name: str
    kind: str
    dots: Sequence[Dot]

    @property
    def line(self) -> str:
        """The points of a polyline."""
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


@dataclass(frozen=True, slots=True)
class Curves:
    """Lines over one axis of seeds, all as shares from 0 to 1, each point of `rows` rows. `labels` are (x, seeds)."""

    curves: Sequence[Curve]
    rows: int
    labels: Sequence[tuple[float, int]]


def seed_curves(points: Sequence[Mapping[str, Any]]) -> Curves | None:
    """Different pairs of words, and the Vendi score as a share of the rows, by the number of seeds (each step is twice
    the one before); None without two points."""
    if len(points) < 2:
        return None
    step = (_RIGHT - _LEFT) / (len(points) - 1)
    places = [round(_LEFT + at * step, 1) for at in range(len(points))]
    values = {
        "distinct_2": [each["distinct_2"] for each in points],
        "vendi": [each["vendi"] / (each["rows"] or 1) for each in points],
    }
    kinds = {"distinct_2": "acc", "vendi": "ok"}
    curves = [
        Curve(name, kinds[name], [
            Dot(x, _height(value), each["seeds"], value) for x, value, each in zip(places, told, points, strict=True)
        ])
        for name, told in values.items()
    ]  # fmt: skip
    return Curves(curves, points[0]["rows"], [(x, each["seeds"]) for x, each in zip(places, points, strict=True)])


def _height(value: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(max(value, 0.0), 1.0), 1)
