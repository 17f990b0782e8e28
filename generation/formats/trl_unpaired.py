"""TRL's unpaired preference: {prompt, completion, label}, texts or chat messages. Source: TRL's dataset formats.

Texts are concatenated as they are; a line end parts them where the completion does not begin with a blank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generation.files.records import Record
from generation.formats.answer_parts import MessagesAnswer, TextAnswer
from generation.formats.base import NESTED_LAYOUTS, Options
from generation.formats.joints import joined, parted
from generation.formats.prompt_parts import TRL, MessagesPrompt, TextPrompt
from generation.formats.ratings import rating_format
from generation.types import N_, Feedback, RowError


def decode(record: Record) -> Feedback:
    """The rated answer in two texts; a line end that only parts them belongs to neither."""
    row = _PLAIN.to_row(record)
    assert isinstance(row, Feedback)
    asked = parted(row.example.instruction, row.example.output)
    return replace(row, example=replace(row.example, instruction=asked))


def encode(row: Feedback, options: Options) -> Record:
    """Two texts and the label."""
    record = _PLAIN.to_record(row, options)
    return record | {"prompt": joined(record["prompt"], record["completion"])}


def _between(record: Record, _row: Feedback) -> Iterator[RowError]:
    prompt, completion = record["prompt"], record["completion"]
    if prompt and completion and not prompt[-1].isspace() and not completion[0].isspace():
        yield RowError(0, "nothing_between", "completion", severity="warning")


_PLAIN = rating_format(
    name="trl_unpaired",
    title=N_("TRL unpaired preference"),
    layouts=NESTED_LAYOUTS,
    prompt=TextPrompt(),
    answer=TextAnswer(),
    sureness=80,
    more_faults=_between,
)
FORMATS = (
    replace(_PLAIN, to_row=decode, to_record=encode),
    rating_format(
        name="trl_unpaired_chat",
        title=N_("TRL unpaired preference, conversational"),
        layouts=NESTED_LAYOUTS,
        prompt=MessagesPrompt("prompt", dialect=TRL, tools="tools", media=("images",)),
        answer=MessagesAnswer(TRL),
        sureness=95,
    ),
)
