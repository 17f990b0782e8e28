"""Cells of CSV and TSV that hold more than text: by the names of their columns, since the file itself cannot say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from generation.files.records import Line, Record
from generation.files.strict_json import Fault, loads
from generation.types import RowError

# fmt: off
_LISTS = frozenset((
    "answers", "audios", "completions", "conversation", "conversations", "history", "images", "instances", "labels",
    "messages", "ranks", "responses", "scores", "segments", "tool_calls", "turns", "videos",
))
# fmt: on
_TURNS = frozenset({"chosen", "completion", "input", "non_preferred_output", "preferred_output", "prompt", "rejected"})
_NUMBERS = ("margin", "rank", "rating", "score", "weight")
_TRUTHS = frozenset({"good", "is_classification", "kto_tag", "label"})


def unfolded(records: Iterable[Line]) -> Iterator[Line]:
    """Records of texts with the JSON text in columns of lists, conversations, numbers and truths read as what it is.

    An empty cell in such a column is null. Whatever is not the JSON that the column's name promises stays a text.
    """
    for line, record in records:
        yield line, record if isinstance(record, RowError) else _unfolded(record)


def _unfolded(record: Record) -> Record:
    return {name: _value(name, cell) if isinstance(cell, str) else cell for name, cell in record.items()}


def _value(name: str, cell: str) -> Any:
    if name in _LISTS:
        return _parsed(cell, lambda value: isinstance(value, list | dict)) if cell else None
    if name in _TURNS:
        return _parsed(cell, _is_turns) if cell[:1] in ("[", "{") else cell
    if name in _TRUTHS:
        return _parsed(cell, lambda value: isinstance(value, bool)) if cell else None
    if name.endswith(_NUMBERS):
        return _parsed(cell, _is_number) if cell else None
    return cell


def _parsed(cell: str, fits: Callable[[Any], bool]) -> Any:
    try:
        value = loads(cell.encode())
    except (Fault, UnicodeEncodeError):
        return cell
    return value if fits(value) else cell


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_turns(value: Any) -> bool:
    """A text may look like a list; a list of turns it can hardly be by accident."""
    turns = value if isinstance(value, list) else [value]
    return bool(turns) and all(
        isinstance(each, dict) and ({"role", "content"} <= each.keys() or {"from", "value"} <= each.keys()
                                    or "messages" in each) for each in turns
    )  # fmt: skip
