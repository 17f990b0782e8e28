"""How records become bytes: one writer for each layout, in the list `LAYOUTS`. Reading is `files.tabular`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from gzip import GzipFile
from typing import BinaryIO, Protocol, cast

from generation.files import parquet, tables
from generation.files.json_text import dumps
from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.types import N_

GZIP_MEDIA_TYPE = "application/gzip"


class Writer(Protocol):
    """Writes records to a binary file and says how many; with `columns`, all records have just these keys."""

    def __call__(self, records: Iterable[Record], file: BinaryIO, *, columns: Sequence[str] | None = None) -> int: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to lay records out in a file. The bytes depend on the records alone.

    `flat`: nested values have no place of their own in it and become JSON text.
    """

    name: str
    title: str
    extension: str
    media_type: str
    write: Writer
    flat: bool = False


class UnknownLayout(LookupError):  # noqa: N818 - the name says what is the matter
    """No layout has that name."""


def layout_named(name: str) -> Layout:
    """The layout called `name`; `UnknownLayout` when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise UnknownLayout(name) from None


def extension_of(layout: str, *, gzip: bool = False) -> str:
    """The end of a file's name without its first dot: "jsonl", "csv.gz". `UnknownLayout`."""
    return layout_named(layout).extension + (".gz" if gzip else "")


def media_type_of(layout: str, *, gzip: bool = False) -> str:
    """What the file is served as. `UnknownLayout`."""
    return GZIP_MEDIA_TYPE if gzip else layout_named(layout).media_type


def write(
    records: Iterable[Record],
    file: BinaryIO,
    *,
    layout: str,
    gzip: bool = False,
    spreadsheet_safe: bool = False,
    columns: Sequence[str] | None = None,
) -> int:
    """Writes the records and returns how many; the same records give the same bytes, gzip included.

    With `columns` every record gets all of these keys in this order, null where it has none; a record with another key
    is `Fault` "unknown_column". Without, JSON keeps each record as it is, and tables have the columns of all records,
    which then wait in a temporary file. `spreadsheet_safe` puts an apostrophe before cells of CSV and TSV that a
    spreadsheet would obey (`tables.safe` says which); `read_rows(spreadsheet_safe=True)` takes it off again.
    `UnknownLayout`; `Fault` for a value that has no place in the layout.
    """
    chosen = layout_named(layout)
    writer = chosen.write
    if spreadsheet_safe and layout in tables.DELIMITERS:
        writer = partial(tables.write, delimiter=tables.DELIMITERS[layout], spreadsheet_safe=True)
    if columns is not None:
        records = filled(records, columns)
    if gzip:
        # No name and no time in the head: the same bytes every day.
        with GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as packed:
            return writer(records, cast(BinaryIO, packed), columns=columns)
    return writer(records, file, columns=columns)


def filled(records: Iterable[Record], columns: Sequence[str]) -> Iterator[Record]:
    """Each record with exactly these keys in this order; `Fault` "unknown_column" for a key that is not among them."""
    known = set(columns)
    for record in records:
        if not record.keys() <= known:
            raise Fault("unknown_column", path=next(name for name in record if name not in known))
        yield {name: record.get(name) for name in columns}


def write_json_lines(records: Iterable[Record], file: BinaryIO, *, columns: Sequence[str] | None = None) -> int:
    """A record and a line feed each."""
    count = 0
    for record in records:
        file.write(dumps(record) + b"\n")
        count += 1
    return count


def write_json(records: Iterable[Record], file: BinaryIO, *, columns: Sequence[str] | None = None) -> int:
    """ "[", the records indented by two blanks, "]" and a final newline; "[]" for none."""
    count = 0
    for record in records:
        file.write((b",\n  " if count else b"[\n  ") + dumps(record))
        count += 1
    file.write(b"\n]\n" if count else b"[]\n")
    return count


write_csv = partial(tables.write, delimiter=",")
write_tsv = partial(tables.write, delimiter="\t")


LAYOUTS: tuple[Layout, ...] = (
    Layout("jsonl", N_("JSON lines"), "jsonl", "application/x-ndjson", write_json_lines),
    Layout("json", N_("JSON array"), "json", "application/json", write_json),
    Layout("csv", N_("CSV"), "csv", "text/csv; charset=utf-8", write_csv, flat=True),
    Layout("tsv", N_("TSV"), "tsv", "text/tab-separated-values; charset=utf-8", write_tsv, flat=True),
    Layout("parquet", N_("Parquet"), "parquet", "application/vnd.apache.parquet", parquet.write),
)

_BY_NAME = {each.name: each for each in LAYOUTS}
