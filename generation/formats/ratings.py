"""Formats of rated answers (KTO), made from a prompt part and an answer part; and what every one of them checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from generation.formats.answer_parts import AnswerPart
from generation.formats.base import Options, Record, RecordFormat, wanted
from generation.formats.convert import answered, asked
from generation.formats.pairs import prompt_faults
from generation.formats.parts import bool_of, field_of, media_faults, refused, text_faults
from generation.formats.prompt_parts import PromptPart
from generation.formats.strict_json import Fault
from generation.types import Candidate, Example, Feedback, RowError


def rating_format(
    *,
    name: str,
    title: str,
    layouts: tuple[str, ...],
    prompt: PromptPart,
    answer: AnswerPart,
    completion: str = "completion",
    label: str = "label",
    sureness: int = 90,
    more_faults: Callable[[Record, Feedback], Iterator[RowError]] | None = None,
) -> RecordFormat:
    """A format whose records hold a prompt, one answer and a truth value. See `pair_format` for `sureness`."""
    known = prompt.keys | {completion, label}

    def likeness(record: Record) -> int:
        if not answer.fits(record.get(completion)) or not prompt.fits(record) or label not in record:
            return 0
        if not isinstance(record[label], bool):
            return 15
        return sureness if record.keys() <= known else max(1, sureness - 20)

    def decode(record: Record) -> Feedback:
        asked_for = prompt.read(record)
        said = answer.read(field_of(record, completion), path=completion)
        meta = {key: value for key, value in record.items() if key not in known}
        return Feedback(answered(asked_for, said), bool_of(record, label), meta=meta)

    def encode(row: Feedback, options: Options) -> Record:
        example = wanted(row, Feedback).example
        question, said = parted(example)
        told = answer.write(said, options, path=completion, prompt=question)
        return prompt.write(question, options) | {completion: told, label: row.good}

    def faults(record: Record) -> Iterator[RowError]:
        try:
            row = decode(record)
        except Fault as fault:
            yield refused(fault, record)
            return
        yield from rating_faults(row, prompt=prompt.needed, completion=completion)
        yield from text_faults(record)
        if more_faults:
            yield from more_faults(record, row)

    return RecordFormat(
        name=name,
        title=title,
        kind="feedback",
        layouts=layouts,
        is_like=likeness,
        to_row=decode,
        to_record=encode,
        faults=faults,
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
