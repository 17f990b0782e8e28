"""Rows out of any file of rows: JSONL, a JSON array, a single object, CSV or TSV; told apart by their first bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

from generation.formats import delimited, json_stream, strict_json
from generation.formats.encoding import utf8
from generation.formats.strict_json import MAX_LINE, Fault
from generation.formats.text import excerpt
from generation.types import RowError

MAX_ROWS = 2_000_000
_PEEK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out, as far as its beginning tells."""

    kind: Literal["jsonl", "json", "csv", "tsv", "empty"]
    encoding: str
    delimiter: str = ""


def detect(file: BinaryIO) -> Layout:
    """The layout of a seekable file, which is left where it was."""
    start = file.tell()
    try:
        lines, encoding = utf8(file)
        return _layout(lines, encoding)
    finally:
        file.seek(start)


def read_rows(file: BinaryIO) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Each row with the line that it begins on (from 1). A faulty row is a `RowError`, and the rest goes on."""
    count = 0
    try:
        lines, encoding = utf8(file)
        for line, row in _rows(lines, _layout(lines, encoding)):
            count += 1
            if count > MAX_ROWS:
                yield line, RowError(line=line, code="too_many_rows")
                return
            yield line, row
    except Fault as fault:
        yield count + 1, RowError(line=count + 1, code=fault.code, message=fault.message)


def _layout(lines: io.BufferedReader, encoding: str) -> Layout:
    head = lines.peek(_PEEK).lstrip()
    if not head:
        return Layout("empty", encoding)
    first_line = head.split(b"\n", 1)[0].rstrip()
    if head[:1] == b"[":
        return Layout("json", encoding)
    if head[:1] == b"{":
        one_line = first_line.endswith(b"}") or len(first_line) > _PEEK // 2
        return Layout("jsonl" if one_line else "json", encoding)
    delimiter = delimited.sniff(first_line.decode("utf-8", "replace"))
    return Layout("tsv" if delimiter == "\t" else "csv", encoding, delimiter)


def _rows(lines: io.BufferedReader, layout: Layout) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    if layout.kind in ("csv", "tsv"):
        for line, row in delimited.rows(lines):
            yield line, _error(line, row) if isinstance(row, Fault) else row
        return
    for line, raw in json_lines(lines) if layout.kind == "jsonl" else json_stream.slices(lines):
        yield line, _error(line, raw) if isinstance(raw, Fault) else parse(line, raw)


def parse(line: int, raw: bytes) -> dict[str, Any] | RowError:
    """The object in `raw`, or why it is none."""
    try:
        value = strict_json.loads(raw)
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
