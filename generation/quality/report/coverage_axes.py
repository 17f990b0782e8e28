"""What a row is on every axis of coverage: said by the row where it says it, else found in its texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from generation.quality.diversity.task_kinds import task_kind
from generation.quality.diversity.topics import TopicModel, Words, name_of, words_of
from generation.quality.diversity.vocabulary import Terms
from generation.quality.report.base import RowFacts
from generation.quality.rows import BESIDE
from generation.quality.text import word_count
from generation.types import Draft

BANDS = ("easy", "medium", "hard")
LENGTHS = ("short", "middling", "long")
COARSE = ("task_type", "topic", "language", "difficulty", "length", "category")
FINE = ("term", "document", "seed", "run", "tag")
AXES = (*COARSE, *FINE)
"""Any axis is counted against each of the coarse ones; the fine ones have as many values as there are seeds."""
_BANDED = {"difficulty": (4.0, 7.0), "complexity": (3.0, 5.0)}
"""Scores that tell how hard a row is, and where its bands begin: 1 to 10 and 1 to 6, in thirds."""
_MIDDLING, _LONG = 50, 250
"""Words of an output, a CJK character counting as one, from which it is middling and long."""
_LOOKED_AT = 2000
_TOLD_AT = 1000
"""Characters of a prompt that topics are told by."""
_MOST_TAGS = 5
_TERM = 40


@dataclass(frozen=True, slots=True)
class Place:
    """The values of a row by axis, in the order of `AXES`; none where it has none. `found` are the axes whose values
    its texts told; `close` is how near it is to its topic."""

    values: tuple[tuple[str, ...], ...]
    found: tuple[str, ...] = ()
    close: float = 0.0


class Reader:
    """Reads rows. `wanted` is what is to be covered, as `Coverage` takes it; `model` holds the topics."""

    def __init__(self, wanted: Mapping[str, Any], model: TopicModel) -> None:
        self._terms = Terms(wanted.get("categories") or {})
        self._tagged = {
            term[:_TERM]: (category, term) for category, listed in self._terms.names.items() for term in listed
        }
        self._model = model
        self._topics = tuple(name_of(each) for each in model.terms)

    def place(self, row: RowFacts) -> Place:
        """Where the row is."""
        draft = row.draft
        found = []
        task_type = draft.task_type
        if not task_type and (task_type := _kind(draft)):
            found.append("task_type")
        closest = self._model.closest(topic_words(row)) if self._topics else None
        if closest:
            found.append("topic")
        terms = self._terms_of(row)
        values = {
            "task_type": _one(task_type), "topic": (self._topics[closest[0]],) if closest else (),
            "language": _one(draft.language), "difficulty": difficulty_of(draft.tags, row.scores),
            "length": length_of(draft.output), "category": tuple(sorted({category for category, _ in terms})),
            "term": tuple(sorted({term for _, term in terms})), "document": _id(row.document), "seed": _id(row.seed),
            "run": _id(row.run), "tag": tuple(dict.fromkeys(draft.tags))[:_MOST_TAGS],
        }  # fmt: skip
        return Place(tuple(values[axis] for axis in AXES), tuple(found), closest[1] if closest else 0.0)

    def _terms_of(self, row: RowFacts) -> set[tuple[str, str]]:
        if not self._tagged:
            return set()
        found = self._terms.found_in(f"{row.draft.instruction[:_LOOKED_AT]}\n{row.draft.input[:_LOOKED_AT]}")
        return found | {self._tagged[tag] for tag in row.draft.tags if tag in self._tagged}


def topic_words(row: RowFacts) -> Words:
    """The words that tell the topic of a row."""
    return words_of(*topic_texts(row))


def topic_texts(row: RowFacts) -> tuple[str, str]:
    """What `words_of` is given of a row: the beginnings of its prompt and of its answer."""
    draft = row.draft
    return f"{draft.instruction[:_TOLD_AT]}\n{draft.input[:_TOLD_AT]}", draft.output[:_TOLD_AT]


def difficulty_of(
    tags: Iterable[str], scores: Mapping[str, float], *, names: Collection[str] = ()
) -> tuple[str, ...]:  # fmt: skip
    """How hard a row is, by a tag that says so or by a score, as none or one of the bands (or of `names`)."""
    tagged = tuple(tag for tag in tags if tag in names or tag in BANDS)[:1]
    if tagged:
        return tagged
    for aspect, (medium, hard) in _BANDED.items():
        if (score := scores.get(aspect)) is not None:
            return (BANDS[(score >= medium) + (score >= hard)],)
    return ()


def length_of(output: str) -> tuple[str, ...]:
    """The band of an output's length in words; none of an empty one."""
    if not output:
        return ()
    words = word_count(output)
    return (LENGTHS[(words >= _MIDDLING) + (words >= _LONG)],)


def _kind(draft: Draft) -> str:
    """The kind of task that the texts tell; a row with tools at hand is about their use."""
    pictured = any(draft.data.get(name) for name in ("images", "videos", "audios"))
    tools = bool(draft.data.get(BESIDE)) and not pictured
    return task_kind(draft.instruction, draft.input, draft.output, tools=tools)


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()


def _id(value: int) -> tuple[str, ...]:
    return (str(value),) if value else ()
