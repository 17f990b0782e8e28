"""How records become bytes: one function for each layout, in the list `LAYOUTS`. Reading is `formats.tabular`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

import orjson

from generation.formats.base import Record
from generation.types import N_


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to lay records out in a file. The bytes depend on the records alone."""

    name: str
    title: str
    extension: str
    media_type: str
    write: Callable[[Iterable[Record], BinaryIO], int]


class UnknownLayout(LookupError):  # noqa: N818 - the name says what is the matter
    """No layout has that name."""


def layout_named(name: str) -> Layout:
    """The layout called `name`; `UnknownLayout` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownLayout(name) from None


def write_json_lines(records: Iterable[Record], file: BinaryIO) -> int:
    """A record and a line feed each."""
    count = 0
    for record in records:
        file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        count += 1
    return count


def write_json(records: Iterable[Record], file: BinaryIO) -> int:
    """ "[", the records indented by two blanks, "]" and a final newline; "[]" for none."""
    count = 0
    for record in records:
        file.write((b",\n  " if count else b"[\n  ") + orjson.dumps(record))
        count += 1
    file.write(b"\n]\n" if count else b"[]\n")
    return count


LAYOUTS: tuple[Layout, ...] = (
    Layout("jsonl", N_("JSON lines"), "jsonl", "application/x-ndjson", write_json_lines),
    Layout("json", N_("JSON array"), "json", "application/json", write_json),
)

_BY_NAME = {each.name: each for each in LAYOUTS}
