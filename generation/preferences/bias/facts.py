"""What the report asks of a pair, and what it looks at: one finding for each way in which preferences go wrong."""

from __future__ import annotations

from dataclasses import dataclass

CODES = (
    "longer_wins", "length_score", "margin", "format", "lexical", "refusals", "position", "models", "language",
    "duplicates", "contradictions", "diversity", "rubrics",
)  # fmt: skip
"""What a report looks at."""


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
