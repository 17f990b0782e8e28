"""What the rows cover and what they leave out: topics, task types, languages, difficulties, terms, places of evidence.

What is to be covered is named in `Asked.settings["coverage"]`, all of it optional: `task_types`, `languages` and
`difficulties` are lists, `categories` maps a topic to the terms that tell it (a vocabulary), `topics` lists tags that
are topics where there is no vocabulary. Without either, topics are found in a sample of the rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from generation.quality.diversity import NONE, Grid, Reservoir, Terms, Topic, bin_of, concentration, position_of, topics
from generation.quality.diversity.concentration import rounded
from generation.quality.diversity.grid import OTHERS
from generation.quality.diversity.positions import BINS
from generation.quality.diversity.topics import words_of
from generation.quality.report.base import MOST_ROWS, Asked, RowFacts
from generation.quality.report.coverage_axes import difficulty_of, topic_texts
from generation.quality.report.coverage_findings import findings_of
from generation.types import ReportFinding

SAMPLE = 2000
AXES = ("topic", "task_type", "language", "difficulty")
PAIRS = (
    ("topic", "task_type"), ("topic", "language"), ("topic", "difficulty"), ("task_type", "language"),
    ("task_type", "difficulty"),
)  # fmt: skip
_LOOKED_AT = 2000
_MOST_TAGS = 5
_MOST_EMPTY = 500
_MOST_MISSING = 50


class Coverage:
    """Rows by topic, task type, language and difficulty, with the empty cells.

    Memory: a number for each cell that is filled, the words of the sample, the ids of rows with a place of evidence.
    """

    name = "coverage"

    def __init__(self, asked: Asked) -> None:
        wanted: Mapping[str, Any] = asked.settings.get("coverage") or {}
        self._asked, self._wanted = asked, wanted
        self._terms = Terms(wanted.get("categories") or {})
        self._difficulties = tuple(wanted.get("difficulties") or ())
        listed = tuple(self._terms.names) or tuple(wanted.get("topics") or ())
        self._tags = frozenset(() if self._terms.names else listed)
        self.topics_from = "vocabulary" if self._terms.names else "tags" if self._tags else "sample"
        self._grid = Grid({
            "topic": listed, "task_type": tuple(wanted.get("task_types") or ()),
            "language": tuple(wanted.get("languages") or ()), "difficulty": self._difficulties,
        })  # fmt: skip
        self._sample: Reservoir[tuple[int, tuple[str, str] | None, tuple[tuple[str, ...], ...]]]
        self._sample = Reservoir(size=SAMPLE, random_seed=asked.random_seed)
        self._hit: Counter[tuple[str, str]] = Counter()
        self._places: list[list[int]] = [[] for _ in range(BINS)]
        self._placed = [0] * BINS
        self._found: list[Topic] | None = None
        self._rows = 0

    def see(self, row: RowFacts) -> None:
        """Counts one row in its cells."""
        self._rows += 1
        values = (self._topics_of(row), *_one(row.draft.task_type), *_one(row.draft.language), self._difficulty_of(row))
        self._grid.add(values)
        if (drawn := self._sample.wants(row.id)) is not None:
            texts = topic_texts(row) if self.topics_from == "sample" else None
            self._sample.take(row.id, (row.id, texts, values), drawn=drawn)
        if (position := position_of(row.draft)) is not None:
            at = bin_of(position)
            self._placed[at] += 1
            if len(self._places[at]) < MOST_ROWS:
                self._places[at].append(row.id)

    def told(self) -> Mapping[str, Any]:
        """Axes with their values, two-way tables with the empty cells as 0, the empty cells by name, topics, terms,
        places of evidence, and how evenly task types and languages share the rows."""
        with_topics = self._with_topics()
        named = [axis for axis in AXES if any(value != NONE for value in with_topics.values(axis))]
        expected = [axis for axis in AXES[:3] if len(self._grid.expected[axis]) > (axis == "language")]
        empty = self._grid.empty(*expected) if expected else []
        return {
            "rows": self._rows, "sampled": len(self._sample), "topics_from": self.topics_from,
            "axes": {axis: with_topics.values(axis) for axis in named},
            "expected": {axis: list(self._grid.expected[axis]) for axis in AXES if self._grid.expected[axis]},
            "tables": [
                (with_topics if "topic" in pair else self._grid).table(*pair)
                | {"sampled": self.topics_from == "sample" and "topic" in pair}
                for pair in PAIRS if set(pair) <= set(named)
            ],
            "cells": _cells(with_topics),
            "empty_values": {
                axis: [value for value, in self._grid.empty(axis)] for axis in AXES if self._grid.expected[axis]
            },
            "empty_axes": expected, "empty_cells": [list(cell) for cell in empty[:_MOST_EMPTY]],
            "empty": len(empty), "cells_expected": _size(self._grid, expected),
            "topics": self._topics_told(), "terms": self._terms_told(),
            "gold_positions": {"bins": list(self._placed), "rows": sum(self._placed)},
            "balance": {axis: _balance(self._grid, axis) for axis in ("task_type", "language")},
        }  # fmt: skip

    def findings(self) -> list[ReportFinding]:
        """Holes and heaps: task types and cells without rows, one topic for many rows, terms that no row speaks of,
        evidence that always stands at one place."""
        sampled = [(name, values[0]) for name, _, values in self._sample.rows()]
        if self.topics_from == "sample":
            names = self._names()
            sampled = [(name, names.get(name, ())) for name, _ in sampled]
        return findings_of(self.told(), sampled=sampled, places=self._places, settings=self._asked.settings)

    def _topics_of(self, row: RowFacts) -> tuple[str, ...]:
        if self._terms.names:
            text = f"{row.draft.instruction[:_LOOKED_AT]}\n{row.draft.input[:_LOOKED_AT]}"
            found = self._terms.found_in(text)
            self._hit.update(found)
            return tuple(sorted({category for category, _ in found}))
        return tuple(tag for tag in row.draft.tags if tag in self._tags)[:_MOST_TAGS]

    def _difficulty_of(self, row: RowFacts) -> tuple[str, ...]:
        return difficulty_of(row.draft.tags, row.scores, names=self._difficulties)

    def _with_topics(self) -> Grid:
        """The counts of all rows; where topics had to be found, of the sample with its topics."""
        if self.topics_from != "sample":
            return self._grid
        names = self._names()
        listed = list(dict.fromkeys(each.name for each in self._topics_found()))
        grid = Grid({**self._grid.expected, "topic": tuple(listed)})
        for name, _, values in self._sample.rows():
            grid.add((names.get(name, ()), *values[1:]))
        return grid

    def _topics_found(self) -> list[Topic]:
        if self._found is None:
            words = [words_of(*texts) for _, texts, _ in self._sample.rows() if texts is not None]
            self._found = topics(words) if words else []
        return self._found

    def _names(self) -> dict[int, tuple[str, ...]]:
        rows = [name for name, _, _ in self._sample.rows()]
        return {rows[at]: (each.name,) for each in self._topics_found() for at in each.rows}

    def _topics_told(self) -> list[dict[str, Any]]:
        if self.topics_from != "sample":
            counts = self._grid.counts("topic")
            return [{"name": name, "rows": counts[(name,)]} for name in self._grid.values("topic") if name != NONE]
        rows = [name for name, _, _ in self._sample.rows()]
        return [
            {"name": each.name, "terms": list(each.terms), "rows": len(each.rows),
             "examples": [rows[at] for at in each.rows[:5]]}
            for each in self._topics_found()
        ]  # fmt: skip

    def _terms_told(self) -> dict[str, Any]:
        return {
            category: {
                "terms": len(listed), "hit": sum((category, term) in self._hit for term in listed),
                "missing": [term for term in listed if (category, term) not in self._hit][:_MOST_MISSING],
            }
            for category, listed in self._terms.names.items()
        }  # fmt: skip


def _one(value: str) -> tuple[tuple[str, ...]]:
    return ((value,) if value else (),)


def _size(grid: Grid, axes: list[str]) -> int:
    size = 1 if axes else 0
    for axis in axes:
        size *= len(grid.expected[axis])
    return size


def _cells(grid: Grid) -> list[list[Any]]:
    """[topic, task type, language, rows] of the filled cells, the largest first."""
    counts = grid.counts("topic", "task_type", "language")
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [[*cell, count] for cell, count in ranked[:_MOST_EMPTY] if count]


def _balance(grid: Grid, axis: str) -> dict[str, Any] | None:
    counts = {cell[0]: count for cell, count in grid.counts(axis).items() if cell[0] not in (NONE, OTHERS)}
    found = concentration(counts.values())
    return rounded(found) if found else None
