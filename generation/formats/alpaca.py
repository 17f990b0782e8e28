"""Alpaca rows, the same for the array and the line layout: keys, order, bytes and rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from generation.formats.strict_json import Fault
from generation.formats.text import check_file_text, excerpt
from generation.types import Example, RowError

_MEDIA = ("images", "videos", "audios")
_PLACEHOLDERS = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}
_UNWRITTEN = re.compile(r"(todo|tbd)\b.*|\[[^\[\]\n\d\"',]*\]|n/?a", re.IGNORECASE)


def encode(example: Example) -> bytes:
    """One row as compact UTF-8 JSON: instruction, input, output, then system, history and media where there are any."""
    row: dict[str, Any] = {"instruction": example.instruction, "input": example.input, "output": example.output}
    if example.system:
        row["system"] = example.system
    if example.history:
        row["history"] = example.history
    for name in _MEDIA:
        if getattr(example, name):
            row[name] = getattr(example, name)
    return orjson.dumps(row)


def decode(row: Mapping[str, Any]) -> Example:
    """The example in a parsed row; `Fault` for a missing field or a wrong type. A missing or null input is empty."""
    for name in ("instruction", "output"):
        if name not in row:
            raise Fault("missing_field", path=name)
    known = {"instruction", "input", "output", "system", "history", *_MEDIA}
    return Example(
        instruction=_required(row, "instruction"),
        input=_optional(row, "input"),
        output=_required(row, "output"),
        system=_optional(row, "system"),
        history=_history(row.get("history")),
        images=_paths(row, "images"),
        videos=_paths(row, "videos"),
        audios=_paths(row, "audios"),
        meta={name: value for name, value in row.items() if name not in known},
    )


def validate(example: Example, *, line: int = 0) -> list[RowError]:
    """What a trainer would stumble over: errors first, the size guide as warnings."""
    errors = [
        RowError(line, "blank", name, excerpt=excerpt(getattr(example, name)))
        for name in ("instruction", "output")
        if not getattr(example, name).strip()
    ]
    texts = {"instruction": example.instruction, "input": example.input, "output": example.output}
    texts["system"] = example.system
    for name, text in texts.items():
        code = check_file_text(text)
        if code:
            errors.append(RowError(line, code, name, excerpt=excerpt(text)))
    if _UNWRITTEN.fullmatch(example.output.strip()):
        errors.append(RowError(line, "placeholder_output", "output", excerpt=excerpt(example.output)))
    whole = " ".join([*texts.values(), *(text for turn in example.history for text in turn)])
    for name, mark in _PLACEHOLDERS.items():
        if whole.count(mark) != len(getattr(example, name)):
            errors.append(RowError(line, "media_count", name))
    return errors + _size_warnings(example, line)


def _size_warnings(example: Example, line: int) -> list[RowError]:
    warnings = []
    for name, least, most in (("instruction", 10, 1000), ("output", 20, 4000)):
        size = len(getattr(example, name))
        if not least <= size <= most:
            warnings.append(RowError(line, f"{name}_size", name, message=str(size), severity="warning"))
    return warnings


def _required(row: Mapping[str, Any], name: str) -> str:
    if not isinstance(row[name], str):
        raise Fault("not_a_string", path=name)
    return str(row[name])


def _optional(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
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


def _paths(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(path, str) for path in value):
        raise Fault("not_a_list", path=name)
    return tuple(value)
