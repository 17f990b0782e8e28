"""Two rings, verbs inside and what they are done to outside, as in the figure of Self-Instruct (arXiv 2212.10560)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CENTRE = 180
"""Of a view box of 360 x 360."""
_HOLE, _INNER, _OUTER = 44, 104, 178
_LEAST_INNER, _LEAST_OUTER = 13 / 74, 12 / 141
"""Angles from which a word of 11 units' height fits between the edges, at the middle of each ring."""
_LONGEST = 9
TINTS = 5


@dataclass(frozen=True, slots=True)
class Arc:
    """One piece of a ring: its `path`, the `tint` of its verb (0 to 4), `ring` 1 for verbs, 2 for their nouns, 3 for
    nouns that are not named. Where its word stands are `x`, `y` and the `turn` in degrees; `word` is "" where the piece
    is too narrow for one. `find` is the filter that leads to its rows."""

    path: str
    tint: int
    ring: int
    name: str
    rows: int
    share: float
    word: str = ""
    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0
    find: tuple[str, str] | None = None


def rings(verbs: Sequence[Mapping[str, Any]]) -> list[Arc]:
    """The pieces of both rings: a verb's angle is its share of the rows of the verbs that are shown; its nouns lie
    outside of it, those that are not named as one piece."""
    whole = sum(each["rows"] for each in verbs)
    return list(_arcs(verbs, whole)) if whole else []


def _arcs(verbs: Sequence[Mapping[str, Any]], whole: int) -> Iterator[Arc]:
    start = 0.0
    for place, each in enumerate(verbs):
        angle = 2 * math.pi * each["rows"] / whole
        tint = place % TINTS
        yield _arc(each["verb"], each["rows"], whole, tint=tint, ring=1, start=start, angle=angle)
        at = start
        for noun, count in each["nouns"]:
            wide = 2 * math.pi * count / whole
            name = f"{each['verb']} {noun}"
            yield _arc(name, count, whole, tint=tint, ring=2, start=at, angle=wide, word=noun)
            at += wide
        if (others := each["rows"] - sum(count for _, count in each["nouns"])) > 0:
            yield _arc("", others, whole, tint=tint, ring=3, start=at, angle=start + angle - at)
        start += angle


def _arc(
    name: str, rows: int, whole: int, *, tint: int, ring: int, start: float, angle: float, word: str = ""
) -> Arc:  # fmt: skip
    inner, outer = (_HOLE, _INNER) if ring == 1 else (_INNER + 2, _OUTER)
    middle = start + angle / 2
    # Words run outwards on the right half and inwards on the left, so that none stands on its head.
    turn = math.degrees(middle) - 90
    turn += 180 if middle > math.pi else 0
    fits = angle >= (_LEAST_INNER if ring == 1 else _LEAST_OUTER)
    shown = word or name
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    x, y = _point((inner + outer) / 2, middle)
    return Arc(
        _path(inner, outer, start, min(angle, 2 * math.pi - 1e-4)), tint, ring, name, rows, rows / whole,
        shown if fits else "", x, y, round(turn, 1), find=("q", name) if name else None,
    )  # fmt: skip


def _path(inner: float, outer: float, start: float, angle: float) -> str:
    end, large = start + angle, int(angle > math.pi)
    (ax, ay), (bx, by) = _point(outer, start), _point(outer, end)
    (cx, cy), (dx, dy) = _point(inner, end), _point(inner, start)
    return f"M{ax} {ay}A{outer} {outer} 0 {large} 1 {bx} {by}L{cx} {cy}A{inner} {inner} 0 {large} 0 {dx} {dy}Z"


def _point(radius: float, angle: float) -> tuple[float, float]:
    """A place on the circle, clockwise from the top."""
    return round(CENTRE + radius * math.sin(angle), 1), round(CENTRE - radius * math.cos(angle), 1)
