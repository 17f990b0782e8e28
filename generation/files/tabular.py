"""Rows out of any file of rows: JSONL, a JSON array, a single object, CSV, TSV or Parquet, each also as gzip.

They are told apart by their first bytes, never by their names.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from generation.files import confined, delimited, json_stream, strict_json, tables
from generation.files.cells import unfolded
from generation.files.encoding import unpacked, utf8
from generation.files.json_comments import uncommented
from generation.files.quick_json import sure
from generation.files.strict_json import MAX_LINE, Fault
from generation.files.text import excerpt
from generation.types import RowError

MAX_ROWS = 2_000_000
_PEEK = 64 * 1024
_TABLES = ("csv", "tsv")

Line = tuple[int, dict[str, Any] | RowError]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out, as far as its beginning tells."""

    kind: Literal["jsonl", "json", "csv", "tsv", "parquet", "empty"]
    encoding: str
    delimiter: str = ""
    gzip: bool = False


def detect(file: BinaryIO) -> Layout:
    """The layout of a seekable file, which is left where it was. `Fault` for a file that holds no rows of text."""
    start = file.tell()
    try:
        return _opened(file)[1]
    finally:
        file.seek(start)


def read_rows(
    file: BinaryIO, *, lenient: bool = False, spreadsheet_safe: bool = False, controls: bool = False
) -> Iterator[Line]:
    """Each row with the line that it begins on (from 1; rows of Parquet are counted instead).

    A faulty row is a `RowError`, and the rest goes on. With `lenient`, comments and trailing commas in JSON are read
    over instead of refused. With `spreadsheet_safe`, the apostrophes of such an export are taken off cells again. With
    `controls`, control characters in texts come through, for a cleaner to take out.
    """
    count = 0
    try:
        lines, layout = _opened(file)
        for line, row in _rows(lines, layout, lenient, spreadsheet_safe, controls):
            count += 1
            if count > MAX_ROWS:
                yield line, RowError(line=line, code="too_many_rows")
                return
            yield line, row
    except Fault as fault:
        yield count + 1, RowError(line=count + 1, code=fault.code, message=fault.message)


def read_records(
    file: BinaryIO, *, lenient: bool = False, spreadsheet_safe: bool = False, controls: bool = False
) -> Iterator[Line]:
    """As `read_rows`, with cells of tables that hold lists, numbers and truths read as such (`files.cells`)."""
    start = file.tell()
    try:
        is_table = detect(file).kind in _TABLES
    except Fault:
        is_table = False
    file.seek(start)
    rows = read_rows(file, lenient=lenient, spreadsheet_safe=spreadsheet_safe, controls=controls)
    return unfolded(rows) if is_table else rows


def _opened(file: BinaryIO) -> tuple[io.BufferedReader, Layout]:
    plain, packed = unpacked(file)
    start = plain.tell()
    head = plain.read(16)
    plain.seek(start)
    if head.startswith(b"PAR1"):
        return plain, Layout("parquet", "", gzip=packed)
    lines, encoding = utf8(plain)
    return lines, _layout(lines, encoding, packed)


def _layout(lines: io.BufferedReader, encoding: str, packed: bool) -> Layout:
    head = lines.peek(_PEEK).lstrip()
    if not head:
        return Layout("empty", encoding, gzip=packed)
    begin = uncommented(head).lstrip() or head
    if begin[:1] == b"[":
        return Layout("json", encoding, gzip=packed)
    if begin[:1] == b"{":
        return Layout("jsonl" if _is_lines(begin) else "json", encoding, gzip=packed)
    delimiter = delimited.sniff(head.split(b"\n", 1)[0].rstrip().decode("utf-8", "replace"))
    return Layout("tsv" if delimiter == "\t" else "csv", encoding, delimiter, gzip=packed)


def _is_lines(begin: bytes) -> bool:
    """Whether a file of objects has one in each line; that the first one may be broken says nothing of the others."""
    first, *others = begin.split(b"\n")
    if first.rstrip().endswith((b"}", b"},")) or len(first) > _PEEK // 2:
        return True
    # The last of them is cut off where the peek ends.
    return any(line.startswith(b"{") and sure(line) is not None for line in others[:-1])


def _rows(
    lines: io.BufferedReader, layout: Layout, lenient: bool, spreadsheet_safe: bool, controls: bool
) -> Iterator[Line]:
    if layout.kind in _TABLES:
        for line, cells in delimited.rows(lines, controls=controls):
            if isinstance(cells, Fault):
                yield line, _error(line, cells)
            else:
                yield line, {name: tables.unsafe(each) for name, each in cells.items()} if spreadsheet_safe else cells
        return
    slices: Iterator[tuple[int, bytes | dict[str, Any] | Fault]]
    if layout.kind == "json":
        slices = json_stream.slices(lines, lenient=lenient, known=sure)
    elif layout.kind == "parquet":
        slices = confined.parquet_lines(lines)
    else:
        slices = json_lines(lines)
    for line, raw in slices:
        if isinstance(raw, bytes):
            row = sure(raw)
            if row is not None:
                yield line, row
            elif not lenient or uncommented(raw).strip():
                yield line, parse(line, raw, lenient=lenient, controls=controls)
        else:
            yield line, _error(line, raw) if isinstance(raw, Fault) else raw


def parse(line: int, raw: bytes, *, lenient: bool = False, controls: bool = False) -> dict[str, Any] | RowError:
    """The object in `raw`, or why it is none."""
    try:
        value = strict_json.loads(raw, lenient=lenient, controls=controls)
    except Fault as fault:
        return _error(line, fault, raw)
    if not isinstance(value, dict):
        return _error(line, Fault("not_an_object"), raw)
    return value


def json_lines(lines: io.BufferedReader) -> Iterator[tuple[int, bytes | Fault]]:
    """The lines that hold something, split at line feeds alone; a line over the limit is skipped to its end."""
    number = 0
    while raw := lines.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE and not raw.endswith(b"\n"):
            while (more := lines.readline(MAX_LINE)) and not more.endswith(b"\n"):
                pass
            yield number, Fault("line_too_long")
        elif raw.strip():
            yield number, raw


def _error(line: int, fault: Fault, raw: bytes = b"") -> RowError:
    return RowError(
        line=line, code=fault.code, path=fault.path, message=fault.message, excerpt=excerpt(raw or fault.raw)
    )
