"""What a report says of many rows: figures beside their guides, each with the rows that it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["warn", "note", "ok", "unknown"]
LEVELS: tuple[Level, ...] = ("warn", "note", "ok", "unknown")
"""Worst first: a warning is outside its guide and no accident, a note is outside but may be one."""
Remedy = Literal["balance", "drop", "review", "settle", "generate"]


@dataclass(frozen=True, slots=True)
class ReportFinding:
    """One figure with its guide. `value` is a share, a correlation or a count as `unit` says ("share", "r", "points",
    "count"); `interval` its 95 % interval, `n` the rows that it was counted on, `hits` those that it speaks of.

    `rows` are their ids, worst first; `reason` is the code under which they would be held back if they were dropped.
    """

    code: str
    level: Level
    value: float | None
    unit: str
    n: int
    hits: int = 0
    guide: tuple[float | None, float | None] = (None, None)
    interval: tuple[float, float] | None = None
    p: float | None = None
    rows: Sequence[int] = ()
    reason: str = ""
    remedies: tuple[Remedy, ...] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)


def level_of(*, outside: bool, sure: bool, known: bool = True) -> Level:
    """The level of a figure that lies outside its guide, surely or perhaps."""
    if not known:
        return "unknown"
    return ("warn" if sure else "note") if outside else "ok"
