"""What the readers of public sets share: they read, and never write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import record_excerpt
from generation.formats.base import Options, RecordFormat
from generation.formats.parts import text_faults
from generation.types import Kind, Row, RowError


def read_only(
    name: str, *, title: str, kind: Kind, is_like: Callable[[Record], int], to_row: Callable[[Record], Row]
) -> RecordFormat:
    """A format of one row a record that is never written; its check is whether the record can be read."""

    def faults(record: Record) -> Iterator[RowError]:
        try:
            to_row(record)
        except Fault as fault:
            yield RowError(0, fault.code, fault.path, fault.message, record_excerpt(record))
            return
        yield from text_faults(record)

    return RecordFormat(
        name=name,
        title=title,
        kind=kind,
        layouts=(),
        is_like=is_like,
        to_row=to_row,
        to_record=refuse_writing,
        faults=faults,
    )


def refuse_writing(_row: Any, _options: Options) -> Record:
    """Public sets are read in their own shape and written in any other. `Fault` "only_read"."""
    raise Fault("only_read")


def rest_of(record: Record, *known: str) -> dict[str, Any]:
    """The other columns of a record, for a row's meta."""
    return {name: value for name, value in record.items() if name not in known and value is not None}


def has_texts(record: Record, *names: str) -> bool:
    """Whether all of these columns hold texts."""
    return all(isinstance(record.get(name), str) for name in names)


def number_of(record: Record, name: str) -> float:
    """The number in a column that must hold one; `Fault` "not_numeric" otherwise."""
    value = record.get(name)
    if value is None:
        raise Fault("missing_field", path=name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Fault("not_numeric", path=name, message=repr(value)[:40])
    return float(value)
