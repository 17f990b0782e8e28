"""Formats of preference pairs, made from a prompt part and an answer part; and what every one of them checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.answer_parts import AnswerPart
from generation.formats.base import Options, RecordFormat, wanted
from generation.formats.parts import field_of, media_faults, refused, text_faults
from generation.formats.prompt_parts import PromptPart
from generation.formats.turns import asked_text
from generation.quality.text import same_words
from generation.types import Candidate, Example, Pair, RowError


@dataclass(frozen=True, slots=True, kw_only=True)
class PairShape:
    """Which fields hold the prompt and the two answers, and how. `sureness` tells it apart from others of its build."""

    prompt: PromptPart
    answer: AnswerPart
    chosen: str = "chosen"
    rejected: str = "rejected"
    sureness: int = 90
    more_faults: Callable[[Record, Pair], Iterator[RowError]] | None = None

    @property
    def known(self) -> frozenset[str]:
        """All fields of the shape."""
        return self.prompt.keys | {self.chosen, self.rejected}

    def likeness(self, record: Record) -> int:
        """A prompt and two answers of the right types; fields that we do not know make it less sure."""
        answers = self.answer.fits(record.get(self.chosen)) and self.answer.fits(record.get(self.rejected))
        if not answers or not self.prompt.fits(record):
            return 0
        return self.sureness if record.keys() <= self.known else max(1, self.sureness - 20)

    def decode(self, record: Record) -> Pair:
        """The pair in a record; `Fault` for a missing field or a wrong type."""
        return Pair(
            self.prompt.read(record),
            self.answer.read(field_of(record, self.chosen), path=self.chosen),
            self.answer.read(field_of(record, self.rejected), path=self.rejected),
            meta={key: value for key, value in record.items() if key not in self.known},
        )

    def encode(self, row: Pair, options: Options) -> Record:
        """The prompt, then the two answers."""
        pair = wanted(row, Pair)
        return self.prompt.write(pair.prompt, options) | {
            self.chosen: self.answer.write(pair.chosen, options, path=self.chosen, prompt=pair.prompt),
            self.rejected: self.answer.write(pair.rejected, options, path=self.rejected, prompt=pair.prompt),
        }

    def faults(self, record: Record) -> Iterator[RowError]:
        """What no trainer can learn from, then what this one would stumble over."""
        try:
            pair = self.decode(record)
        except Fault as fault:
            yield refused(fault, record)
            return
        names = {"prompt": self.prompt.needed, "chosen": self.chosen, "rejected": self.rejected}
        yield from pair_faults(pair, names=names)
        yield from text_faults(record)
        if self.more_faults:
            yield from self.more_faults(record, pair)


def pair_format(*, name: str, title: str, layouts: tuple[str, ...], **shape: Any) -> RecordFormat:
    """A format of preference pairs; `shape` is that of `PairShape`."""
    pairs = PairShape(**shape)
    return RecordFormat(
        name=name,
        title=title,
        kind="preference",
        layouts=layouts,
        is_like=pairs.likeness,
        to_row=pairs.decode,
        to_record=pairs.encode,
        faults=pairs.faults,
    )


def pair_faults(pair: Pair, *, names: Mapping[str, str]) -> Iterator[RowError]:
    """What no trainer can learn from: a blank prompt, a blank answer, two answers that are the same."""
    yield from prompt_faults(pair.prompt, path=names["prompt"])
    for name, answer in (("chosen", pair.chosen), ("rejected", pair.rejected)):
        if not answer.text.strip() and not answer.calls:
            yield RowError(0, "blank", names[name])
    if same_answer(pair.chosen, pair.rejected):
        yield RowError(0, "same_answers", names["rejected"])
    yield from media_faults(pair.prompt, pair.chosen.text)


def prompt_faults(prompt: Example, *, path: str) -> Iterator[RowError]:
    """A prompt in which nobody says anything."""
    turns = (*prompt.turns, *prompt.steps)
    if not asked_text(prompt).strip() and not any(turn.content.strip() for turn in turns if turn.role != "assistant"):
        yield RowError(0, "blank", path)


def same_answer(one: Candidate, other: Candidate) -> bool:
    """Whether two answers say the same: case, blanks and the punctuation of prose do not tell them apart."""
    if one.calls != other.calls or one.steps != other.steps:
        return False
    return same_words(one.text, other.text)


def last_turn_faults(pair: Pair, *, path: str) -> Iterator[RowError]:
    """The answers must follow a person's turn or a tool's."""
    turns: Any = pair.prompt.steps or pair.prompt.turns
    if asked_text(pair.prompt) and not pair.prompt.steps:
        return
    if not turns or turns[-1].role not in ("user", "tool"):
        yield RowError(0, "prompt_ends_wrongly", path)
