"""Alpaca: {instruction, input, output}, with LLaMA-Factory's system, history and media.

Source: Stanford Alpaca (tatsu-lab/stanford_alpaca) for the three keys, LLaMA-Factory's data README for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt, record_excerpt
from generation.formats.base import TABLE_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.parts import without_tools
from generation.formats.quick_rows import is_plain, plain_example
from generation.formats.turns import exchanges, from_exchanges
from generation.types import N_, Example, RowError

_MEDIA = ("images", "videos", "audios")
_PLACEHOLDERS = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}
_BEYOND = ("system", "history", *_MEDIA)
_KNOWN = frozenset({"instruction", "input", "output", "system", "history", *_MEDIA})
_UNWRITTEN = re.compile(r"(todo|tbd)\b.*|\[[^\[\]\n\d\"',]*\]|n/?a", re.IGNORECASE)

_MAYBE_UNWRITTEN = re.compile(r"\s*(?:todo|tbd|\[|n/?a\s*$)", re.IGNORECASE)
_CONTROLS = bytes(byte for byte in (*range(32), 127) if byte not in b"\t\n\r")
"""The bytes that are control characters in UTF-8; no other character has one of them."""


def likeness(record: Record) -> int:
    """Instruction and output as texts are all it takes; keys that we do not know make it less sure."""
    if not isinstance(record.get("instruction"), str) or not isinstance(record.get("output"), str):
        return 0
    return 90 if record.keys() <= _KNOWN else 70


def encode(row: Example, options: Options) -> Record:
    """Instruction, input, output, then system, history and media where there are any."""
    example = without_tools(wanted(row, Example)) if options.drop_tools else wanted(row, Example)
    record: Record = {"instruction": example.instruction, "input": example.input, "output": example.output}
    if is_plain(example) and example.weight is None and not (example.system or options.default_system):
        return record
    if example.calls or example.steps or example.tools:
        raise Fault("not_representable", path="tools")
    if example.weight not in (None, 1):
        # Every Alpaca row is trained on; one that must not be cannot be told so.
        raise Fault("not_representable", path="weight")
    if example.system or options.default_system:
        record["system"] = example.system or options.default_system
    if example.turns:
        history = exchanges(example.turns)
        if history is None:
            raise Fault("not_representable", path="turns")
        record["history"] = [list(pair) for pair in history]
    for name in _MEDIA:
        if getattr(example, name):
            record[name] = list(getattr(example, name))
    return record


def decode(record: Record) -> Example:
    """The example in a record; `Fault` for a missing field or a wrong type. A missing or null input is empty."""
    if len(record) == 3:
        asked, given, said = record.get("instruction"), record.get("input"), record.get("output")
        if isinstance(asked, str) and isinstance(given, str) and isinstance(said, str):
            return plain_example(asked, given, said)
    for name in ("instruction", "output"):
        if name not in record:
            raise Fault("missing_field", path=name)
    return Example(
        instruction=_required(record, "instruction"),
        input=_optional(record, "input"),
        output=_required(record, "output"),
        system=_optional(record, "system"),
        turns=from_exchanges(_history(record.get("history"))),
        images=_paths(record, "images"),
        videos=_paths(record, "videos"),
        audios=_paths(record, "audios"),
        meta={name: value for name, value in record.items() if name not in _KNOWN},
    )


def surely_sound(record: Record) -> bool:
    """Whether it is beyond doubt that `faults` finds nothing: three usual texts of usual sizes."""
    if len(record) != 3:
        return False
    asked, given, said = record.get("instruction"), record.get("input"), record.get("output")
    if not (isinstance(asked, str) and isinstance(given, str) and isinstance(said, str)):
        return False
    if not (10 <= len(asked) <= 1000 and 20 <= len(said) <= 4000) or _MAYBE_UNWRITTEN.match(said):
        return False
    if "<" in asked or "<" in given or "<" in said or not asked.strip() or not said.strip():
        return False
    try:
        raw = f"{asked}{given}{said}".encode()
    except UnicodeEncodeError:
        return False
    return len(raw.translate(None, _CONTROLS)) == len(raw)


def faults(record: Record) -> Iterator[RowError]:
    """What a trainer would stumble over: errors first, the size guide as warnings."""
    try:
        example = decode(record)
    except Fault as fault:
        yield RowError(0, fault.code, fault.path, fault.message, record_excerpt(record))
        return
    texts = {"instruction": example.instruction, "input": example.input, "output": example.output}
    for name in ("instruction", "output"):
        if not texts[name].strip():
            yield RowError(0, "blank", name, excerpt=excerpt(texts[name]))
    texts["system"] = example.system
    texts |= {f"history.{at // 2}.{at % 2}": turn.content for at, turn in enumerate(example.turns)}
    for name, text in texts.items():
        code = check_file_text(text)
        if code:
            yield RowError(0, code, name, excerpt=excerpt(text))
    if _UNWRITTEN.fullmatch(example.output.strip()):
        yield RowError(0, "placeholder_output", "output", excerpt=excerpt(example.output))
    whole = " ".join(texts.values())
    for name, mark in _PLACEHOLDERS.items():
        if whole.count(mark) != len(getattr(example, name)):
            yield RowError(0, "media_count", name)
    yield from _size_warnings(example)
    for name in _BEYOND:
        if record.get(name):
            # LLaMA-Factory's fields: other trainers read past them without a word.
            yield RowError(0, "beyond_alpaca", name, severity="warning")


def _size_warnings(example: Example) -> Iterator[RowError]:
    for name, least, most in (("instruction", 10, 1000), ("output", 20, 4000)):
        size = len(getattr(example, name))
        if not least <= size <= most and not (name == "output" and is_label(example)):
            yield RowError(0, f"{name}_size", name, message=str(size), severity="warning")


def is_label(example: Example) -> bool:
    """Whether a short output is one of the labels that the instruction offers: it may be as short as it is."""
    label = example.output.strip()
    return 0 < len(label) < 20 and label in example.instruction


def _required(record: Record, name: str) -> str:
    if not isinstance(record[name], str):
        raise Fault("not_a_string", path=name)
    return str(record[name])


def _optional(record: Record, name: str) -> str:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise Fault("not_a_string", path=name)
    return value or ""


def _history(value: Any) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Fault("not_a_list", path="history")
    turns = []
    for at, turn in enumerate(value):
        if not isinstance(turn, list) or len(turn) != 2 or not all(isinstance(text, str) for text in turn):
            raise Fault("not_a_turn", path=f"history.{at}")
        turns.append((turn[0], turn[1]))
    return tuple(turns)


def _paths(record: Record, name: str) -> tuple[str, ...]:
    value = record.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
        raise Fault("not_a_list", path=name)
    return tuple(value)


FORMAT = RecordFormat(
    name="alpaca",
    title=N_("Alpaca"),
    kind="sft",
    layouts=TABLE_LAYOUTS,
    is_like=likeness,
    to_row=decode,
    to_record=encode,
    faults=faults,
    surely_sound=surely_sound,
)
