"""The seam that every format is written against. Pure: plain records in and out, `Row`s and `RowError`s between.

A *layout* (`files.layouts`) turns bytes into records and back; a *format* knows what the records of one kind of file
mean. So every format can be read from JSON, JSON lines, CSV, TSV or Parquet without knowing any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

from generation.files.records import Line, Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt, record_excerpt
from generation.types import Kind, Row, RowError

TEXT_LAYOUTS = ("jsonl", "json")
TABLE_LAYOUTS = ("jsonl", "json", "csv", "tsv", "parquet")
"""Flat records of texts and numbers fit into a table too; nested ones only into JSON and Parquet."""
NESTED_LAYOUTS = ("jsonl", "json", "parquet")


@dataclass(frozen=True, slots=True)
class Options:
    """How a writer settles what the target leaves open.

    `separator` stands between instruction and input where both become one text. `default_system` is written where a
    row has no system text; empty writes none. `drop_tools` leaves tool turns out where a target has no place for them,
    which is otherwise a `Fault`. `with_scores` writes the scores of a pair where the target has fields for them.
    `template` is the chat template of rendered text; empty means the usual one.
    """

    separator: str = "\n"
    default_system: str = ""
    drop_tools: bool = False
    with_scores: bool = True
    template: str = ""


class Format(Protocol):
    """What the records of one kind of file mean."""

    @property
    def name(self) -> str:
        """What people type: lower case, with underscores."""
        ...

    @property
    def title(self) -> str:
        """What pages show, in English, marked for the translators."""
        ...

    @property
    def kind(self) -> Kind:
        """Which rows it carries."""
        ...

    @property
    def layouts(self) -> tuple[str, ...]:
        """The names of the layouts that it is written in, the usual one first; none: it is only read."""
        ...

    def likeness(self, record: Record) -> int:
        """From 0 (surely none of ours) to 100 (surely one of ours), from its keys and the types of their values."""
        ...

    def read(self, records: Iterable[Line]) -> Iterator[tuple[int, Row | RowError]]:
        """The rows in the records; a faulty one comes as a `RowError` and never stops the rest."""
        ...

    def encode(self, row: Row, options: Options = Options()) -> Record:
        """The row as a record of this format, which depends on the row alone.

        `Fault` ("wrong_kind", "not_representable" with the path of what has no place) where the format cannot hold it.
        """
        ...

    def check(self, record: Record) -> list[RowError]:
        """What the target's trainer would refuse (errors) or stumble over (warnings), with line 0."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFormat:
    """A format whose rows are records, one for one: most are. The four functions are its whole knowledge.

    `to_row` raises `Fault` for a record that is none of this format. `surely_sound` may be a quick look that is true
    only of records in which `faults` finds nothing, warnings included: most records of a large file are looked at once.
    """

    name: str
    title: str
    kind: Kind
    layouts: tuple[str, ...]
    is_like: Callable[[Record], int]
    to_row: Callable[[Record], Row]
    to_record: Callable[[Any, Options], Record]
    faults: Callable[[Record], Iterable[RowError]]
    surely_sound: Callable[[Record], bool] | None = None

    def likeness(self, record: Record) -> int:
        """See `Format.likeness`."""
        return self.is_like(record)

    def read(self, records: Iterable[Line]) -> Iterator[tuple[int, Row | RowError]]:
        """See `Format.read`."""
        return one_by_one(records, self.to_row)

    def encode(self, row: Row, options: Options = Options()) -> Record:
        """See `Format.encode`."""
        return self.to_record(row, options)

    def check(self, record: Record) -> list[RowError]:
        """See `Format.check`."""
        if self.surely_sound is not None and self.surely_sound(record):
            return []
        return [readable(fault) for fault in self.faults(record)]


def one_by_one(records: Iterable[Line], to_row: Callable[[Record], Row]) -> Iterator[tuple[int, Row | RowError]]:
    """Each record as a row; a `Fault` becomes the `RowError` of its line."""
    for line, record in records:
        if isinstance(record, RowError):
            yield line, record
            continue
        try:
            yield line, to_row(record)
        except Fault as fault:
            yield line, readable(RowError(line, fault.code, fault.path, fault.message, record_excerpt(record)))


def readable(error: RowError) -> RowError:
    """The same error; a name or a value in it that no page may show is made showable."""
    if check_file_text(error.path + error.message) is None:
        return error
    return replace(error, path=excerpt(error.path), message=excerpt(error.message))


def wanted(row: Row, kind: type[Any]) -> Any:
    """The row itself if it is a `kind`; `Fault` "wrong_kind" otherwise."""
    if not isinstance(row, kind):
        raise Fault("wrong_kind", message=type(row).__name__)
    return row
