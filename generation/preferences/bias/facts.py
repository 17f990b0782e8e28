"""What the report asks of a pair, and what it says: one finding for each way in which preferences go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Level = Literal["warn", "note", "ok", "unknown"]
LEVELS: tuple[Level, ...] = ("warn", "note", "ok", "unknown")
"""Worst first: a warning is outside its guide and no accident, a note is outside but may be one."""
CODES = (
    "longer_wins", "length_score", "margin", "format", "lexical", "refusals", "position", "models", "language",
    "duplicates", "diversity", "rubrics",
)  # fmt: skip
"""What a report looks at."""
Remedy = Literal["balance", "drop", "review"]


@dataclass(frozen=True, slots=True)
class PairFacts:
    """A pair as plain data. `group` names its prompt: pairs of one group share it by right.

    `margin` is in points of a scale from `low` to `high`. `forward` and `backward` are a judge's verdicts in both
    orders ("chosen", "rejected", "tie", "invalid"), `first` which answer stood on the left in the first of them.
    """

    id: int
    group: int
    prompt: str
    chosen: str
    rejected: str
    language: str = ""
    margin: float | None = None
    chosen_score: float | None = None
    rejected_score: float | None = None
    low: float | None = None
    high: float | None = None
    chosen_model: str = ""
    rejected_model: str = ""
    source: str = ""
    held: bool = False
    forward: str = ""
    backward: str = ""
    first: str = ""
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure with its guide. `value` is a share, a correlation or a count as `unit` says ("share", "r", "points",
    "count"); `interval` its 95 % interval, `n` the pairs that it was counted on, `hits` those that it speaks of.

    `rows` are their ids, worst first; `reason` is why a pair would be held back if they were dropped.
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
