"""Formats of preference pairs, made from a prompt part and an answer part; and what every one of them checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generation.formats.answer_parts import AnswerPart
from generation.formats.base import Options, Record, RecordFormat, wanted
from generation.formats.parts import field_of, media_faults, refused, text_faults
from generation.formats.prompt_parts import PromptPart
from generation.formats.strict_json import Fault
from generation.formats.turns import asked_text
from generation.quality.text import comparison_key
from generation.types import Candidate, Example, Pair, RowError

_BETWEEN = re.compile(r"(?<!\w)[.,;:!?…。，、；：！？\"'“”‘’]+|[.,;:!?…。，、；：！？\"'“”‘’]+(?!\w)")


def pair_format(
    *,
    name: str,
    title: str,
    layouts: tuple[str, ...],
    prompt: PromptPart,
    answer: AnswerPart,
    chosen: str = "chosen",
    rejected: str = "rejected",
    sureness: int = 90,
    more_faults: Callable[[Record, Pair], Iterator[RowError]] | None = None,
) -> RecordFormat:
    """A format whose records hold a prompt and two answers. `sureness` tells it apart from others of its shape."""
    known = prompt.keys | {chosen, rejected}

    def likeness(record: Record) -> int:
        answers = answer.fits(record.get(chosen)) and answer.fits(record.get(rejected))
        if not answers or not prompt.fits(record):
            return 0
        return sureness if record.keys() <= known else max(1, sureness - 20)

    def decode(record: Record) -> Pair:
        return Pair(
            prompt.read(record),
            answer.read(field_of(record, chosen), path=chosen),
            answer.read(field_of(record, rejected), path=rejected),
            meta={key: value for key, value in record.items() if key not in known},
        )

    def encode(row: Pair, options: Options) -> Record:
        pair = wanted(row, Pair)
        return prompt.write(pair.prompt, options) | {
            chosen: answer.write(pair.chosen, options, path=chosen, prompt=pair.prompt),
            rejected: answer.write(pair.rejected, options, path=rejected, prompt=pair.prompt),
        }

    def faults(record: Record) -> Iterator[RowError]:
        try:
            pair = decode(record)
        except Fault as fault:
            yield refused(fault, record)
            return
        yield from pair_faults(pair, names={"prompt": prompt.needed, "chosen": chosen, "rejected": rejected})
        yield from text_faults(record)
        if more_faults:
            yield from more_faults(record, pair)

    return RecordFormat(
        name=name,
        title=title,
        kind="preference",
        layouts=layouts,
        is_like=likeness,
        to_row=decode,
        to_record=encode,
        faults=faults,
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
    return one.text == other.text or _key(one.text) == _key(other.text)


def _key(text: str) -> str:
    """The text without what H of the format reference calls no difference; 1.5 and 15 stay two numbers."""
    return " ".join(_BETWEEN.sub(" ", comparison_key(text)).split())


def last_turn_faults(pair: Pair, *, path: str) -> Iterator[RowError]:
    """The answers must follow a person's turn or a tool's."""
    turns: Any = pair.prompt.steps or pair.prompt.turns
    if asked_text(pair.prompt) and not pair.prompt.steps:
        return
    if not turns or turns[-1].role not in ("user", "tool"):
        yield RowError(0, "prompt_ends_wrongly", path)
