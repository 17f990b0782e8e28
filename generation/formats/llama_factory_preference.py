"""LLaMA-Factory's ranking data: Alpaca's fields, or ShareGPT's, with `chosen` and `rejected` in place of the answer.

Source: LLaMA-Factory's data README and its converter. It wants both answers as texts (Alpaca) or both as messages
(ShareGPT), and drops every other row in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generation.conversions.convert import answered
from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats import sharegpt
from generation.formats.answer_parts import TextAnswer
from generation.formats.base import NESTED_LAYOUTS, TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.pairs import pair_faults, pair_format
from generation.formats.parts import list_of, object_of, plain_turns, refused, text_faults, without_tools
from generation.formats.prompt_parts import AlpacaPrompt
from generation.formats.sharegpt_check import conversation_faults
from generation.types import N_, Candidate, Pair, RowError

_ANSWERS = ("chosen", "rejected")
_NAMES = {"prompt": "conversations", "chosen": "chosen", "rejected": "rejected"}


def decode(record: Record) -> Pair:
    """The pair in a ShareGPT record; `Fault` for a missing part or an answer that is no message of the assistant."""
    before = list_of(record, "conversations")
    beside = {name: value for name, value in record.items() if name not in _ANSWERS}
    sides = {}
    for name in _ANSWERS:
        message = object_of(record, name)
        try:
            sides[name] = sharegpt.decode({**beside, "conversations": [*before, message]})
        except Fault as fault:
            last = f"conversations.{len(before)}"
            # What is wrong with the last message is wrong with this answer.
            path = fault.path.replace(last, name, 1) if fault.path.startswith(last) else fault.path
            raise Fault(fault.code, path=name if fault.code == "no_answer" else path, message=fault.message) from None
    chosen, rejected = sides["chosen"], sides["rejected"]
    prompt = replace(chosen, output="", calls=(), weight=None, meta={})
    return Pair(
        prompt,
        Candidate(chosen.output, calls=chosen.calls),
        Candidate(rejected.output, calls=rejected.calls),
        meta=chosen.meta,
    )


def encode(row: Pair, options: Options) -> Record:
    """The conversation up to the answer, then the two answers; what is an answer is one message."""
    pair = wanted(row, Pair)
    prompt = without_tools(pair.prompt) if options.drop_tools else pair.prompt
    prompt = replace(prompt, turns=tuple(replace(turn, weight=None) for turn in prompt.turns))
    record: Record = {}
    for name, answer in (("chosen", pair.chosen), ("rejected", pair.rejected)):
        if options.drop_tools:
            answer = replace(answer, steps=plain_turns(answer.steps), calls=())
        if answer.steps:
            raise Fault("not_representable", path=f"{name}.steps")
        whole = sharegpt.encode(answered(prompt, answer), options, tags=sharegpt.SHAREGPT)
        record[name] = whole["conversations"].pop()
    beside = {name: value for name, value in whole.items() if name != "conversations"}
    return {"conversations": whole["conversations"], **record, **beside}


def likeness(record: Record) -> int:
    """A list of {from, value} and two answers of the same build."""
    before = record.get("conversations")
    answers = [record.get(name) for name in _ANSWERS]
    own = isinstance(before, list) and all(isinstance(each, dict) and "from" in each for each in before)
    return 95 if own and all(isinstance(each, dict) and "value" in each for each in answers) else 0


def faults(record: Record) -> Iterator[RowError]:
    """What the converter would skip: turns out of order, an answer that nobody of ours gives."""
    try:
        pair = decode(record)
    except Fault as fault:
        yield refused(fault, record)
        return
    yield from pair_faults(pair, names=_NAMES)
    yield from text_faults(record)
    beside = {name: value for name, value in record.items() if name not in _ANSWERS}
    for name in _ANSWERS:
        if record[name]["from"] not in ("gpt", "function_call"):
            yield RowError(0, "unrecognized_role", f"{name}.from", str(record[name]["from"])[:40])
    whole: dict[str, Any] = {**beside, "conversations": [*record["conversations"], record["chosen"]]}
    seen = {fault.code for fault in pair_faults(pair, names=_NAMES)}
    yield from (fault for fault in conversation_faults(whole, tags=sharegpt.SHAREGPT) if fault.code not in seen)


FORMATS = (
    pair_format(
        name="llama_factory_preference",
        title=N_("LLaMA-Factory preference (Alpaca)"),
        layouts=TABLE_LAYOUTS,
        prompt=AlpacaPrompt(),
        answer=TextAnswer(),
        sureness=95,
    ),
    RecordFormat(
        name="llama_factory_preference_sharegpt",
        title=N_("LLaMA-Factory preference (ShareGPT)"),
        kind="preference",
        layouts=NESTED_LAYOUTS,
        is_like=likeness,
        to_row=decode,
        to_record=encode,
        faults=faults,
    ),
)
