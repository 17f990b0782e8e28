"""Formats of rated answers (KTO), made from a prompt part and an answer part; and what every one of them checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from generation.conversions.convert import answered, asked
from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.answer_parts import AnswerPart
from generation.formats.base import Options, RecordFormat, wanted
from generation.formats.pairs import prompt_faults
from generation.formats.parts import bool_of, field_of, media_faults, refused, text_faults
from generation.formats.prompt_parts import PromptPart
from generation.types import Candidate, Example, Feedback, RowError


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingShape:
    """Which fields hold the prompt, the answer and its label. `sureness` tells it apart from others of its build."""

    prompt: PromptPart
    answer: AnswerPart
    completion: str = "completion"
    label: str = "label"
    sureness: int = 90
    more_faults: Callable[[Record, Feedback], Iterator[RowError]] | None = None

    @property
    def known(self) -> frozenset[str]:
        """All fields of the shape."""
        return self.prompt.keys | {self.completion, self.label}

    def likeness(self, record: Record) -> int:
        """A prompt, an answer and a label; one that is no truth value belongs to a log rather than to us."""
        if not self.answer.fits(record.get(self.completion)) or not self.prompt.fits(record):
            return 0
        if not isinstance(record.get(self.label), bool):
            return 15 if self.label in record else 0
        return self.sureness if record.keys() <= self.known else max(1, self.sureness - 20)

    def decode(self, record: Record) -> Feedback:
        """The rated answer in a record; `Fault` for a missing field, a wrong type, a label that is no truth value."""
        asked_for = self.prompt.read(record)
        said = self.answer.read(field_of(record, self.completion), path=self.completion)
        meta = {key: value for key, value in record.items() if key not in self.known}
        return Feedback(answered(asked_for, said), bool_of(record, self.label), meta=meta)

    def encode(self, row: Feedback, options: Options) -> Record:
        """The prompt, the answer and its label."""
        question, said = parted(wanted(row, Feedback).example)
        told = self.answer.write(said, options, path=self.completion, prompt=question)
        return self.prompt.write(question, options) | {self.completion: told, self.label: row.good}

    def faults(self, record: Record) -> Iterator[RowError]:
        """What no trainer can learn from, then what this one would stumble over."""
        try:
            row = self.decode(record)
        except Fault as fault:
            yield refused(fault, record)
            return
        yield from rating_faults(row, prompt=self.prompt.needed, completion=self.completion)
        yield from text_faults(record)
        if self.more_faults:
            yield from self.more_faults(record, row)


def rating_format(*, name: str, title: str, layouts: tuple[str, ...], **shape: Any) -> RecordFormat:
    """A format of rated answers; `shape` is that of `RatingShape`."""
    ratings = RatingShape(**shape)
    return RecordFormat(
        name=name,
        title=title,
        kind="feedback",
        layouts=layouts,
        is_like=ratings.likeness,
        to_row=ratings.decode,
        to_record=ratings.encode,
        faults=ratings.faults,
    )


def parted(example: Example) -> tuple[Example, Candidate]:
    """The prompt and the answer of an example; the calls of tools before the answer belong to the answer."""
    said = Candidate(example.output, steps=example.steps, calls=example.calls)
    return replace(asked(example), meta={}), said


def rating_faults(row: Feedback, *, prompt: str, completion: str) -> Iterator[RowError]:
    """A blank prompt, a blank answer, media that the texts do not name."""
    yield from prompt_faults(asked(row.example), path=prompt)
    if not row.example.output.strip() and not row.example.calls:
        yield RowError(0, "blank", completion)
    yield from media_faults(row.example, row.example.output)
