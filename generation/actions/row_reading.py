"""A file of rows as its importer wants it read: sound rows, and the faults of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from generation.actions.reading import Line
from generation.files.records import Line as RecordLine
from generation.files.strict_json import Fault
from generation.files.text import record_excerpt
from generation.formats import format_named
from generation.formats.base import Format, RecordFormat
from generation.formats.detecting import read_records
from generation.types import Example, RowError

_MARKS = ("<image>", "<video>", "<audio>")
_SHORT = 80
"""No placeholder ("N/A", "TODO: ...") that a format refuses is longer."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How the bytes of a file become rows. `fields` renames columns before the format sees them."""

    format: str
    fields: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False
    spreadsheet_safe: bool = False


def rows_in(file: BinaryIO, *, reading: Reading) -> Iterator[Line]:
    """The rows of the file. One that the format's own check refuses comes as its first fault, like an unreadable one.

    The check looks at every record but at plain examples that cannot fail it. Its warnings are not given: they speak
    of training, not of what was imported.
    """
    chosen = format_named(reading.format)
    records = read_records(
        file, lenient=reading.lenient, spreadsheet_safe=reading.spreadsheet_safe, fields=reading.fields or None
    )
    if isinstance(chosen, RecordFormat):
        return _one_by_one(records, chosen)
    return chosen.read(_checked(records, chosen))


def _one_by_one(records: Iterable[RecordLine], chosen: RecordFormat) -> Iterator[Line]:
    to_row = chosen.to_row
    for line, record in records:
        if isinstance(record, RowError):
            yield line, record
            continue
        try:
            row = to_row(record)
        except Fault as fault:
            yield line, RowError(line, fault.code, fault.path, fault.message, record_excerpt(record))
            continue
        yield line, row if _is_plain(row) else _first_fault(record, chosen, line) or row


def _checked(records: Iterable[RecordLine], chosen: Format) -> Iterator[RecordLine]:
    for line, record in records:
        yield line, record if isinstance(record, RowError) else _first_fault(record, chosen, line) or record


def _first_fault(record: Mapping[str, Any], chosen: Format, line: int) -> RowError | None:
    for each in chosen.check(dict(record)):
        if each.severity == "error":
            told = each.excerpt or record_excerpt(record)
            return RowError(line, each.code, each.path, each.message, told)
    return None


def _is_plain(row: Any) -> bool:
    """Whether no format's check can find a fault in the row: texts alone, none blank, short or with a medium's mark."""
    if not isinstance(row, Example) or len(row.output) <= _SHORT or not row.instruction.strip():
        return False
    if row.turns or row.steps or row.calls or row.tools or row.images or row.videos or row.audios:
        return False
    if not row.output.strip():
        return False
    whole = f"{row.system}{row.instruction}{row.input}{row.output}"
    return "<" not in whole or not any(mark in whole for mark in _MARKS)
