"""The funnel from seed to export: its figures, and its bands in one unit of height, so that they can be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH, STEP = 990, 165
FULL = 98
"""Height of the largest band in the units of the picture."""
DROP, LENGTH = 14, 150
"""How far a band that falls out bends down, and how far it runs."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many rows are where. `exported` counts the rows of the latest exported version."""

    seeds: int
    waiting: int
    filtered: int
    needs_review: int
    approved: int
    rejected: int
    exported: int

    @property
    def generated(self) -> int:
        """All rows ever made: what waits, fell out, is to be reviewed, was approved and was rejected."""
        return self.waiting + self.filtered + self.needs_review + self.approved + self.rejected

    @property
    def decided(self) -> int:
        """The rows that a person decided."""
        return self.approved + self.rejected


@dataclass(frozen=True, slots=True)
class Band:
    """One band or edge: SVG path data and the classes that colour it."""

    path: str
    classes: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All bands, and the height that they need."""

    bands: tuple[Band, ...]
    height: int


def funnel_from(seeds: Mapping[str, int], samples: Mapping[str, int], *, exported: int) -> Funnel:
    """The funnel of a project's tallies (state -> count)."""
    return Funnel(
        seeds=seeds.get("active", 0),
        waiting=samples.get("generated", 0),
        filtered=samples.get("filtered", 0),
        needs_review=samples.get("needs_review", 0),
        approved=samples.get("approved", 0),
        rejected=samples.get("rejected", 0),
        exported=exported,
    )


def draw(funnel: Funnel) -> Picture:
    """The bands of a funnel with at least one row. What falls out bends down; what stays runs on at the top."""
    unit = FULL / max(funnel.generated, funnel.seeds, 1)

    def height(rows: int) -> float:
        return max(rows * unit, 1.5) if rows else 0.0

    total, seeds = height(funnel.generated), height(funnel.seeds)
    stays = total - height(funnel.filtered)
    decided = height(funnel.approved) + height(funnel.rejected)
    approved, exported = height(funnel.approved), min(height(funnel.exported), height(funnel.approved))
    middle = max(0.0, (total - seeds) / 2)
    bands = [
        _flow(0, middle, seeds, STEP, 0, total, "f-acc band"),
        _edge(0, middle, seeds, "f-acc"),
        _edge(STEP, 0, total, "f-acc"),
        _flow(STEP, 0, total, 2 * STEP, 0, total, "f-acc band"),
        _flow(2 * STEP, 0, stays, 3 * STEP, 0, stays, "f-acc band"),
        _flow(3 * STEP, 0, decided, 4 * STEP, 0, decided, "f-acc band"),
        *_falls(2 * STEP, stays, total - stays, "f-mut"),
        *_falls(3 * STEP, decided, stays - decided, "f-warn"),
        _edge(4 * STEP, 0, approved, "f-ok"),
        _flow(4 * STEP, 0, approved, 5 * STEP, 0, approved, "f-ok band strong"),
        *_falls(4 * STEP, approved, decided - approved, "f-bad"),
        _edge(5 * STEP, 0, exported, "f-ok"),
        _flow(5 * STEP, 0, exported, WIDTH, 0, exported, "f-ok band full"),
    ]
    return Picture(tuple(band for band in bands if band), round(max(total, seeds) + DROP + 4))


def _falls(x: float, y: float, height: float, colour: str) -> list[Band | None]:
    """A band that bends down and ends in an edge."""
    end = x + LENGTH
    bend = x + 42
    flow = _flow(x, y, height, bend, y + DROP, height, f"{colour} band strong")
    rest = _flow(bend, y + DROP, height, end, y + DROP, height, f"{colour} band strong")
    return [flow, rest, _edge(end - 3, y + DROP, height, colour)]


def _flow(x0: float, y0: float, h0: float, x1: float, y1: float, h1: float, classes: str) -> Band | None:
    """A band from one upright to another, with S-shaped borders."""
    if h0 <= 0.01 or h1 <= 0.01:
        return None
    half = (x0 + x1) / 2
    points = (x0, y0, half, y0, half, y1, x1, y1, x1, y1 + h1, half, y1 + h1, half, y0 + h0, x0, y0 + h0)
    curve = "C{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}"
    return Band(("M{:.1f},{:.1f}" + curve + "L{:.1f},{:.1f}" + curve + "Z").format(*points), classes)


def _edge(x: float, y: float, height: float, classes: str) -> Band | None:
    """The solid edge, four units wide, at which a stage begins."""
    if height <= 0.01:
        return None
    return Band(f"M{x:.1f},{y:.1f}h4v{height:.1f}h-4Z", classes)
