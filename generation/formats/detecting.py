"""What a file is: its layout by its first bytes, the formats that its first rows may be of. Never a silent guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from generation.files import tabular
from generation.files.records import Line, Record
from generation.files.strict_json import Fault
from generation.formats import FORMATS, field_names, format_named
from generation.formats.base import Format
from generation.types import RowError

LOOKED_AT = 100
"""Rows that are looked at."""

_LOOKED_AT_CHARACTERS = 4 * 1024 * 1024
_RENAMED = 25
_CLOSE = 5


@dataclass(frozen=True, slots=True)
class Guess:
    """A format that the rows may be of: how sure, from 1 to 100, and which columns would have to be renamed for it."""

    format: str
    likeness: int
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Detected:
    """What the beginning of a file tells.

    `layout` is "jsonl", "json", "csv", "tsv", "parquet", "empty" or "unknown"; then `records` holds the one fault that
    says why. `candidates` come likeliest first, `fields` is the map of the first one (empty: no column needs another
    name). `records` are the first lines as the file has them, faults included.
    """

    layout: str
    encoding: str = ""
    candidates: tuple[Guess, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    records: tuple[Line, ...] = ()
    delimiter: str = ""
    gzip: bool = False
    clear: Guess | None = None
    """The candidate to take without asking: far ahead of the others, or they would read the same rows."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the first records, in the order in which they first come."""
        return tuple(dict.fromkeys(name for _, each in self.records if isinstance(each, dict) for name in each))


def detect(file: BinaryIO, *, lenient: bool = False) -> Detected:
    """Looks at the beginning of a seekable file, which is left where it was. Never raises for what is in it.

    `lenient` as in `tabular.read_rows`.
    """
    start = file.tell()
    try:
        layout = tabular.detect(file)
        records = tuple(_first(read_records(file, lenient=lenient)))
    except Fault as fault:
        return Detected("unknown", records=((1, RowError(1, fault.code, message=fault.message)),))
    finally:
        file.seek(start)
    guesses = candidates(each for _, each in records if isinstance(each, dict))
    return Detected(
        layout=layout.kind,
        encoding=layout.encoding,
        candidates=guesses,
        fields=guesses[0].fields if guesses else {},
        records=records,
        delimiter=layout.delimiter,
        gzip=layout.gzip,
        clear=_clear(guesses, records),
    )


def read_records(
    file: BinaryIO, *, lenient: bool = False, spreadsheet_safe: bool = False, fields: Mapping[str, str] | None = None
) -> Iterator[Line]:
    """The records of a file as formats want them: cells of tables unfolded, columns renamed by `fields`."""
    lines = tabular.read_records(file, lenient=lenient, spreadsheet_safe=spreadsheet_safe)
    return renamed(lines, fields) if fields else lines


def renamed(records: Iterable[Line], fields: Mapping[str, str]) -> Iterator[Line]:
    """The records with keys renamed as `fields` says, the others as they are; a key mapped to "" is left out.

    Two keys that would become one are the fault "duplicate_key" of their row.
    """
    for line, record in records:
        yield line, record if isinstance(record, RowError) else _renamed(line, record, fields)


def candidates(records: Iterable[Record]) -> tuple[Guess, ...]:
    """The formats that these records may be of, the likeliest first; at most one guess for each format."""
    rows = list(records)
    if not rows:
        return ()
    best: dict[str, Guess] = {}
    maps: list[dict[str, str]] = [{}, *field_names.proposed(dict.fromkeys(name for row in rows for name in row))]
    for fields in maps:
        named = [each for _, each in renamed(enumerate(rows), fields) if isinstance(each, dict)] if fields else rows
        for chosen in FORMATS:
            likeness = _likeness(chosen, named, of=len(rows)) - (_RENAMED if fields else 0)
            if likeness > 0 and (chosen.name not in best or best[chosen.name].likeness < likeness):
                best[chosen.name] = Guess(chosen.name, likeness, fields)
    # Sorting keeps the order of the list among equals.
    return tuple(sorted(best.values(), key=lambda guess: -guess.likeness))


def _first(lines: Iterable[Line]) -> Iterator[Line]:
    size = 0
    for line, record in islice(lines, LOOKED_AT):
        yield line, record
        size += 0 if isinstance(record, RowError) else len(repr(record))
        if size > _LOOKED_AT_CHARACTERS:
            return


def _renamed(line: int, record: Record, fields: Mapping[str, str]) -> Record | RowError:
    renamed: Record = {}
    for name, value in record.items():
        target = fields.get(name, name)
        if not target:
            continue
        if target in renamed:
            return RowError(line, "duplicate_key", target)
        renamed[target] = value
    return renamed


def _likeness(chosen: Format, rows: list[Record], *, of: int) -> int:
    """The mean over all rows, so that a few odd ones do not hide what the others are."""
    found = [chosen.likeness(row) for row in rows]
    return sum(found) // of if 2 * sum(1 for each in found if each) >= of else 0


def _clear(guesses: tuple[Guess, ...], records: tuple[Line, ...]) -> Guess | None:
    if not guesses:
        return None
    rivals = [guess for guess in guesses[1:] if guess.likeness >= guesses[0].likeness - _CLOSE]
    rows = _rows(guesses[0], records)
    return guesses[0] if all(_rows(rival, records) == rows for rival in rivals) else None


def _rows(guess: Guess, records: tuple[Line, ...]) -> list[object]:
    lines = renamed(records, guess.fields)
    return [row for _, row in format_named(guess.format).read(lines)]
