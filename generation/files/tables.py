"""Records as CSV and TSV (RFC 4180). Reading is `files.delimited`."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, cast

import orjson

from generation.files.json_text import dumps
from generation.files.records import Record
from generation.files.strict_json import MAX_KEYS, Fault

DELIMITERS = {"csv": ",", "tsv": "\t"}
_SPOOL = 4 * 1024 * 1024
_OBEYED = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_ESCAPED = re.compile("'" + _OBEYED.pattern)
_BIG = re.compile(rb"\d{19}")
_PLAIN_NAME = re.compile(r"\w[\w .-]*")


def safe(cell: str) -> str:
    """The cell with an apostrophe in front where a spreadsheet would take it for a formula.

    That is after any apostrophes one of = + - @, a tab, a line end, or the full-width forms of the four signs (OWASP,
    CSV injection). Such cells and no others come back from `unsafe`.
    """
    return "'" + cell if _OBEYED.match(cell) else cell


def unsafe(cell: str) -> str:
    """What `safe` was given."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def write(
    records: Iterable[Record],
    file: BinaryIO,
    *,
    delimiter: str,
    columns: Sequence[str] | None = None,
    spreadsheet_safe: bool = False,
) -> int:
    """A header with `columns`, or the keys of all records, then a line each; how many records.

    Lists and objects are JSON text, true and false are those words, null is an empty cell.
    """
    if columns is None:
        columns, records = gathered(records)
    if not columns:
        if any(True for _ in records):
            raise Fault("bad_header")
        return 0
    for name in columns:
        if not name or name != name.strip():
            raise Fault("bad_header", path=name)
    if len(columns) > MAX_KEYS:
        raise Fault("too_many_keys")
    header = [safe(name) if spreadsheet_safe else name for name in columns]
    quoted = [name if _PLAIN_NAME.fullmatch(name) else '"' + name.replace('"', '""') + '"' for name in header]
    file.write((delimiter.join(quoted) + "\r\n").encode())
    # A lone column in quotes: else its empty cells would be empty lines, and its commas look like columns.
    dialect: dict[str, Any] = {"quoting": csv.QUOTE_ALL if len(columns) == 1 else csv.QUOTE_MINIMAL}
    writer = csv.writer(_Utf8(file), delimiter=delimiter, lineterminator="\r\n", **dialect)
    count = 0
    for record in records:
        cells = [_cell(record.get(name)) for name in columns]
        writer.writerow([safe(cell) for cell in cells] if spreadsheet_safe else cells)
        count += 1
    return count


def gathered(records: Iterable[Record]) -> tuple[list[str], Iterator[Record]]:
    """All keys in the order in which they first come, and the records again; long files wait in a temporary one."""
    columns: dict[str, None] = {}
    spool = tempfile.SpooledTemporaryFile(_SPOOL)  # noqa: SIM115 - closed by the reader of the rows
    for record in records:
        columns.update(dict.fromkeys(record))
        spool.write(dumps(record) + b"\n")
    spool.seek(0)
    return list(columns), _again(cast(BinaryIO, spool))


def _again(spool: BinaryIO) -> Iterator[Record]:
    with spool:
        for line in spool:
            # Whole numbers beyond 64 bits would come out of orjson as fractions.
            yield orjson.loads(line) if _BIG.search(line) is None else json.loads(line)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else dumps(value).decode()


class _Utf8:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        self._file.write(text.encode("utf-8"))
