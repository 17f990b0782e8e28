"""The seam that every part of a report is written against: rows stream in once, figures and findings come out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from generation.quality.near_duplicates.vectors import Embed
from generation.types import Draft, ReportFinding

SEVERAL_ANSWERS = ("answer", "pair")
"""Kinds of drafts that have other answers beside them: to differ from these is what they are for."""
MOST_ROWS = 50_000
"""Ids that a finding names at most, the worst first."""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A row as plain data. `draft` holds its texts, task type, language and tags.

    `family` is what rows of one descent share (a seed, a root), `made_by` who wrote it ("model", "rules", "human",
    "imported", "template"), `reviewed` whether a person decided about it, `scores` its scores by aspect on their own
    scales, `document` the document that it stands on. `hides` says that its scores are kept from people who may still
    be asked about it: what everybody reads must not tell them, not by an order either. `held_out` is true for a row of
    a split that a model is measured with: it is a row of the version like any other, and no training row.
    """

    id: int
    draft: Draft
    seed: int = 0
    family: int = 0
    made_by: str = ""
    state: str = ""
    reviewed: bool = False
    evaluation: bool = False
    scores: Mapping[str, float] = field(default_factory=dict)
    run: int = 0
    document: int = 0
    held_out: bool = False
    hides: bool = False


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One set of evaluation texts that training rows must not repeat: its name and each item's text (prompt and, where
    there is one, its answer), in order; `rows` the id of the row that each was made of, None for a text of a file."""

    name: str
    texts: Sequence[str]
    rows: Sequence[int | None] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for. The same rows and the same `Asked` give the same report."""

    random_seed: int = 42
    language: str = "en"
    held_out: tuple[HeldOut, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Thresholds by section ("near_duplicates.threshold"); what is not named stands at its default."""
    embed: Embed | None = None
    """What makes texts into vectors, where there is a model for it."""


class Section(Protocol):
    """One part of a report. A new one for each report: it is fed every row once, in order, and then asked.

    Memory grows with what must be kept to answer, never with whole rows; a section says in its docstring how much.
    """

    name: str

    def see(self, row: RowFacts) -> None:
        """Takes one row in."""
        ...

    def told(self) -> Mapping[str, Any]:
        """The figures for charts, as plain JSON; after the last row."""
        ...

    def findings(self) -> list[ReportFinding]:
        """What is to be said of the rows, with the ids of at most `MOST_ROWS` each; after the last row."""
        ...
