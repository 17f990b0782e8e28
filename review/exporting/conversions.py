"""A small file of one format as a file of another, at once and without a database."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from generation.conversions import convert
from generation.files import layouts
from generation.files.json_text import dumps
from generation.files.records import Line, Record
from generation.files.strict_json import Fault
from generation.formats import FORMATS
from generation.formats.base import Format
from generation.formats.detecting import detect, read_records
from generation.types import RowError
from review.exporting.options import ExportOptions

MOST_BYTES = 16 * 1024 * 1024
MOST_WRITTEN = 128 * 1024 * 1024
MOST_READ = 1_000_000
"""Records: a packed file of 16 MB can hold so many more that nobody waits for them."""
KEPT = 50
_IN_MEMORY = 4 * 1024 * 1024


class ConversionError(ValueError):
    """The file cannot be converted as it was asked for; `faults` are the first rows that stand in the way."""

    def __init__(self, code: str, faults: list[RowError] | None = None) -> None:
        super().__init__(code)
        self.code, self.faults = code, faults or []


@dataclass(slots=True)
class Converted:
    """The new file, ready to be read from its start; it is gone once it is closed."""

    file: BinaryIO
    source: str
    rows: int
    left_out: int
    faults: list[RowError]


def convert_file(file: BinaryIO, *, target: Format, origin: str = "", options: ExportOptions) -> Converted:
    """Reads, converts and writes in one pass. Without `options.leave_out` one bad row refuses the whole file.

    `origin` forces the format that the file is read in. `ConversionError` with "too_large", "unknown_format",
    "unreachable", "refused_rows", "no_rows", or what is wrong with the file as such. "too_large" is also what would
    become a million records, or 128 MB.
    """
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise ConversionError("too_large")
    file.seek(0)
    given, fields = _given(file, origin)
    if target.kind not in convert.kinds_reachable(given.kind) or not target.layouts:
        raise ConversionError("unreachable")
    lines = _bounded(read_records(file, fields=fields))
    rows = convert.convert(given.read(lines), to=target.kind, settings=options.converting)
    passage = _Passage(rows, target, options)
    made = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the response closes it
    try:
        count = layouts.write(
            passage.records(), made, layout=options.layout, gzip=options.gzip, spreadsheet_safe=options.spreadsheet_safe
        )
        passage.refuse()
        if not count:
            raise ConversionError("no_rows", passage.faults)
    except Fault as fault:
        made.close()
        raise ConversionError(fault.code) from None
    except ConversionError:
        made.close()
        raise
    made.seek(0)
    return Converted(made, given.name, count, passage.left_out, passage.faults)


class _Passage:
    def __init__(self, rows: Iterator[convert.Numbered], target: Format, options: ExportOptions) -> None:
        self._rows, self._target, self._writing = rows, target, options.writing
        self._leave_out = options.leave_out
        self._room = MOST_WRITTEN
        self.refused = self.left_out = 0
        self.faults: list[RowError] = []

    def records(self) -> Iterator[Record]:
        for line, row in self._rows:
            if isinstance(row, RowError):
                self._note(row)
                continue
            try:
                record = self._target.encode(row, self._writing)
            except Fault as fault:
                self._note(RowError(line, fault.code, fault.path, fault.message))
                continue
            # One ranking can become thousands of pairs, each with the whole prompt.
            self._room -= len(dumps(record))
            if self._room < 0:
                raise ConversionError("too_large")
            yield record

    def refuse(self) -> None:
        """`ConversionError` when a row stands in the way of the whole file."""
        if self.refused and not self._leave_out:
            raise ConversionError("refused_rows", self.faults)

    def _note(self, fault: RowError) -> None:
        self.left_out += 1
        self.refused += fault.severity == "error"
        if len(self.faults) < KEPT:
            self.faults.append(fault)
        if self.refused >= KEPT:
            self.refuse()


def _bounded(lines: Iterator[Line]) -> Iterator[Line]:
    for count, line in enumerate(lines):
        if count >= MOST_READ:
            raise ConversionError("too_large")
        yield line


def _given(file: BinaryIO, origin: str) -> tuple[Format, Any]:
    known = {each.name: each for each in FORMATS}
    if origin:
        if origin not in known:
            raise ConversionError("unknown_format")
        return known[origin], None
    found = detect(file)
    if not found.candidates:
        first = next((record for _, record in found.records if isinstance(record, RowError)), None)
        raise ConversionError("not_detected", [first] if first else [])
    return known[found.candidates[0].format], found.candidates[0].fields or None
