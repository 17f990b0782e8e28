"""Geometry of the report's charts: plain numbers in the units of an SVG's view box, made from the stored figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 560, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 552, 24, 168


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its rectangle, a word under it and a value on it. `kind` is its colour's name in the sheet."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    label: str = ""
    value: float | None = None
    n: int = 0
    low: float = 0.0
    high: float = 0.0

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        """Where its value stands."""
        return round(min(self.y, self.high or self.y) - 5, 1)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over a base line. `gate` is the x of a limit, `band` the (y, height) of a guide, `lines` (y, value)."""

    bars: Sequence[Bar]
    gate: float | None = None
    band: tuple[float, float] | None = None
    lines: Sequence[tuple[float, int]] = ()
    ticks: Sequence[tuple[float, str]] = ()
    base: float = _BOTTOM
    below: int = 0


def margin_chart(figures: Mapping[str, Any]) -> Chart | None:
    """The histogram of margins: what may leave, and on top of it in grey what is held back; the least margin drawn."""
    if not figures.get("n"):
        return None
    counts, held = figures["counts"], figures["held"]
    most = max(1, *(a + b for a, b in zip(counts, held, strict=True)))
    step = (_RIGHT - _LEFT) / len(counts)
    scale = (_BOTTOM - _TOP) / most
    bars = []
    for at, (free, kept) in enumerate(zip(counts, held, strict=True)):
        x = round(_LEFT + at * step + 1, 1)
        for count, start, kind in ((free, 0, "acc"), (kept, free, "mut")):
            if count:
                height = round(max(1.0, count * scale), 1)
                y = round(_BOTTOM - start * scale - height, 1)
                bars.append(Bar(x, y, round(step - 2, 1), height, kind, n=count))
    whole = figures["high"] - figures["low"]
    across = (_RIGHT - _LEFT) / whole
    ticks = [(round(_LEFT + whole * part / 4 * across, 1), f"{whole * part / 4:g}") for part in range(5)]
    lines = [(round(_BOTTOM - value * scale, 1), value) for value in _round_steps(most)]
    below = sum(b for at, b in enumerate(held) if (at + 1) * figures["width"] <= figures["least"] + 1e-9)
    return Chart(bars, round(_LEFT + figures["least"] * across, 1), None, lines, ticks, below=below)


def length_chart(figures: Mapping[str, Any], guide: Sequence[float]) -> Chart | None:
    """How often the longer answer was chosen, by how much longer it is; the guide is a band behind the bars."""
    steps = [each for each in figures.get("steps", ()) if each["n"]]
    if not steps:
        return None
    width = (_RIGHT - 40 - _LEFT) / len(figures["steps"])
    bars = []
    for at, each in enumerate(figures["steps"]):
        if not each["n"]:
            continue
        y = _share_y(each["share"])
        inside = guide[0] <= each["share"] <= guide[1]
        bars.append(
            Bar(round(_LEFT + at * width + width / 6, 1), y, round(width * 2 / 3, 1), round(_BOTTOM - y, 1),
                "acc" if inside else "warn", _ratio(each), each["share"], each["n"], _share_y(each["low"]),
                _share_y(each["high"]))
        )  # fmt: skip
    top = _share_y(guide[1])
    lines = [(_share_y(share / 100), share) for share in (50, 100)]
    return Chart(bars, band=(top, round(_share_y(guide[0]) - top, 1)), lines=lines)


def model_chart(models: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Each model with its two bars, rejected to the left and chosen to the right of the middle, as parts of 100."""
    most = max((max(each["chosen"], each["rejected"]) for each in models), default=0) or 1
    return [
        {**each, "left": round(100 - 100 * each["rejected"] / most, 1), "lost": round(100 * each["rejected"] / most, 1),
         "won": round(100 * each["chosen"] / most, 1)}
        for each in models
    ]  # fmt: skip


def _share_y(share: float) -> float:
    return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


def _ratio(step: Mapping[str, Any]) -> str:
    return f"{step['from']:g}–{step['to']:g}×" if step["to"] else f"> {step['from']:g}×"


def _round_steps(most: int) -> list[int]:
    """One or two round numbers below the highest bar."""
    unit = 1
    while unit * 10 <= most:
        unit *= 10
    for factor in (5, 2, 1):
        if factor * unit <= most:
            step = factor * unit
            return [step, *([2 * step] if 2 * step <= most else [])]
    return []
