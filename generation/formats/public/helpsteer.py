"""HelpSteer and HelpSteer2: {prompt, response, helpfulness, correctness, coherence, complexity, verbosity}.

Source: nvidia/HelpSteer, nvidia/HelpSteer2. They rate single answers from 0 to 4 and hold no pairs: answers to one
prompt are set against each other by helpfulness. Rows of a prompt lie together there; prompts that stay open longer
than `OPEN_PROMPTS` others are closed, so memory is bounded.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from generation.files.records import Line, Record
from generation.files.strict_json import Fault
from generation.files.text import excerpt, record_excerpt
from generation.formats.base import Options, readable
from generation.formats.parts import text_faults, text_of
from generation.formats.public.reading import has_texts, number_of, refuse_writing, rest_of
from generation.formats.turns import prompt_from
from generation.types import N_, Candidate, Example, Kind, Pair, RowError, Turn

ATTRIBUTES = ("helpfulness", "correctness", "coherence", "complexity", "verbosity")
LEAST_DIFFERENCE = 1
OPEN_PROMPTS = 1000
_TURN = re.compile(r"<extra_id_1>(User|Assistant)\n")


@dataclass(slots=True)
class _Open:
    """The answers to one prompt so far, each with its line."""

    line: int
    answers: list[tuple[int, Candidate]] = field(default_factory=list)


class HelpSteer:
    """See `Format`. Every two answers to a prompt whose helpfulness differs by at least 1 are a pair."""

    name = "helpsteer"
    title = N_("HelpSteer and HelpSteer2")
    kind: Kind = "preference"
    layouts: tuple[str, ...] = ()

    def likeness(self, record: Record) -> int:
        """A prompt, a response and the five ratings."""
        rated = sum(name in record for name in ATTRIBUTES)
        return (95 if rated == len(ATTRIBUTES) else 40 if rated > 1 else 0) * has_texts(record, "prompt", "response")

    def read(self, records: Iterable[Line]) -> Iterator[tuple[int, Pair | RowError]]:
        """The pairs, each on the line of its better answer; a prompt without one is warned of on its first line."""
        waiting: OrderedDict[str, _Open] = OrderedDict()
        for line, record in records:
            if isinstance(record, RowError):
                yield line, record
                continue
            try:
                prompt, answer = text_of(record, "prompt"), _answer(record)
            except Fault as fault:
                yield line, readable(RowError(line, fault.code, fault.path, fault.message, record_excerpt(record)))
                continue
            waiting.setdefault(prompt, _Open(line)).answers.append((line, answer))
            waiting.move_to_end(prompt)
            if len(waiting) > OPEN_PROMPTS:
                yield from _closed(*waiting.popitem(last=False))
        for prompt, group in waiting.items():
            yield from _closed(prompt, group)

    def encode(self, row: Any, options: Options = Options()) -> Record:  # noqa: B008 - frozen
        """Never: it is only read."""
        return refuse_writing(row, options)

    def check(self, record: Record) -> list[RowError]:
        """A prompt, a response, ratings from 0 to 4 and sound texts."""
        try:
            text_of(record, "prompt")
            _answer(record)
        except Fault as fault:
            return [readable(RowError(0, fault.code, fault.path, fault.message, record_excerpt(record)))]
        return [readable(fault) for fault in text_faults(record)]


def _answer(record: Record) -> Candidate:
    ratings = {name: number_of(record, name) for name in ATTRIBUTES if name == "helpfulness" or name in record}
    for name, value in ratings.items():
        if not 0 <= value <= 4:
            raise Fault("not_numeric", path=name, message=repr(value))
    meta = rest_of(record, "prompt", "response", "helpfulness")
    return Candidate(text_of(record, "response"), score=ratings["helpfulness"], meta=meta)


def _closed(prompt: str, group: _Open) -> Iterator[tuple[int, Pair | RowError]]:
    asked = _prompt(prompt)
    found = 0
    for (line, one), (other_line, other) in combinations(group.answers, 2):
        difference = (one.score or 0) - (other.score or 0)
        if abs(difference) < LEAST_DIFFERENCE or one.text == other.text:
            continue
        found += 1
        yield (line, Pair(asked, one, other)) if difference > 0 else (other_line, Pair(asked, other, one))
    if not found:
        yield group.line, RowError(group.line, "no_pair", "prompt", excerpt=excerpt(prompt), severity="warning")


def _prompt(text: str) -> Example:
    """HelpSteer2 puts earlier turns into the prompt, behind marks; out of turn, the text stays whole."""
    said = _TURN.split(text)
    roles = ["User", *said[1::2]]
    if len(roles) % 2 == 0 or any(role != ("User", "Assistant")[at % 2] for at, role in enumerate(roles)):
        return Example(text)
    turns = [Turn("assistant" if at % 2 else "user", each) for at, each in enumerate(said[0::2])]
    return prompt_from(turns)


FORMAT = HelpSteer()
