"""LLaMA-Factory's KTO data: Alpaca's fields with `kto_tag`, or chat messages with `label` (its kto_en_demo).

Source: LLaMA-Factory's data README and its converter. A tag that is no truth value makes it drop the row in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats import sharegpt
from generation.formats.answer_parts import TextAnswer
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.parts import bool_of, refused, text_faults, without_tools
from generation.formats.prompt_parts import AlpacaPrompt, are_messages
from generation.formats.ratings import rating_faults, rating_format
from generation.formats.sharegpt_check import conversation_faults
from generation.types import N_, Feedback, RowError


def decode(record: Record) -> Feedback:
    """The rated conversation in a record; `Fault` for a missing list or a label that is no truth value."""
    if record.get("messages") is None:
        raise Fault("missing_field", path="messages")
    example = sharegpt.decode({name: value for name, value in record.items() if name != "label"})
    return Feedback(replace(example, meta={}), bool_of(record, "label"), meta=example.meta)


def encode(row: Feedback, options: Options) -> Record:
    """The conversation and its label, then tools and media where there are any."""
    feedback = wanted(row, Feedback)
    example = without_tools(feedback.example) if options.drop_tools else feedback.example
    example = replace(
        example, weight=None, turns=tuple(replace(turn, weight=None) for turn in example.turns)
    )  # fmt: skip
    record = sharegpt.encode(example, options, tags=sharegpt.MESSAGES)
    return {"messages": record.pop("messages"), "label": feedback.good, **record}


def likeness(record: Record) -> int:
    """A list of messages and a label."""
    if not are_messages(record.get("messages")) or "label" not in record:
        return 0
    return 95 if isinstance(record["label"], bool) else 20


def faults(record: Record) -> Iterator[RowError]:
    """What the converter would skip, and a label that it would not see."""
    try:
        row = decode(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    found = [*rating_faults(row, prompt="messages", completion="messages"), *text_faults(record)]
    yield from found
    seen = {fault.code for fault in found}
    more = conversation_faults(record, tags=sharegpt.MESSAGES)
    yield from (fault for fault in more if fault.code not in seen)


FORMATS = (
    rating_format(
        name="llama_factory_kto",
        title=N_("LLaMA-Factory KTO (Alpaca)"),
        layouts=NESTED_LAYOUTS,
        prompt=AlpacaPrompt(),
        answer=TextAnswer(),
        completion="output",
        label="kto_tag",
        sureness=95,
    ),
    RecordFormat(
        name="llama_factory_kto_sharegpt",
        title=N_("LLaMA-Factory KTO (messages)"),
        kind="feedback",
        layouts=NESTED_LAYOUTS,
        is_like=likeness,
        to_row=decode,
        to_record=encode,
        faults=faults,
    ),
)
