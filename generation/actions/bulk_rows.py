"""Many rows in one statement: importing spends its time here, and model instances would double it.

Call it in a transaction. Ids are given out beforehand, so that rows can name each other before they are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain, islice
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model

_AT_ONCE = 100
"""Rows of one statement on SQLite. Where a table has triggers, every statement first copies the pages that it changes:
one for each row takes three times as long."""

_COPIED_AT_ONCE = 200
"""Rows of one piece of a COPY on PostgreSQL."""

as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_json(value: Any) -> str:
    """A value for a JSON column, keys in their order. Numbers of any length keep all their digits."""
    if not value:
        return "[]" if isinstance(value, (list, tuple)) else "{}"
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # a whole number that does not fit 64 bits
        return as_text(value)


def new_ids(model: type[Model], *, count: int) -> Sequence[int]:
    """So many ids for rows of this model that nobody else will be given."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            given = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) AS id FROM generate_series(1, %s)"
            cursor.execute(f"SELECT array_agg(id) FROM ({given}) AS given", [table, count])
            return cursor.fetchone()[0] or []
        # A transaction of SQLite that writes is the only one: the last id stays the last one until we commit.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return range(first, first + count)


def insert(
    model: type[Model],
    *,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    same: Mapping[str, Any] | None = None,
) -> None:
    """Writes rows of ready values: JSON as text, moments by `moment`. `same` holds what is equal in all rows."""
    equal = same or {}
    names, values = (*columns, *equal), tuple(equal.values())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(_copy(model, names)) as copy:
            end = "\t".join(["", *map(_copied, values)]) + "\n"
            rest = iter(rows)
            while some := list(islice(rest, _COPIED_AT_ONCE)):
                copy.write("".join(["\t".join(map(_copied, row)) + end for row in some]).encode())
        return
    rest = iter(rows)
    with connection.wrap_database_errors:
        while some := list(islice(rest, _AT_ONCE)):
            statement = _insert(model, names, len(equal), len(some))
            connection.connection.execute(statement, [*values, *chain.from_iterable(some)])


def known_hashes(model: type[Model], *, project: int, hashes: Sequence[str]) -> set[str]:
    """Those of the hashes that rows of the project have; nothing else is read of those rows."""
    table = f'"{model._meta.db_table}"'
    if connection.vendor == "postgresql":
        sql = f"SELECT content_hash FROM {table} WHERE project_id = %s AND content_hash = ANY(%s)"
        wanted: Any = list(hashes)
    else:
        sql = (
            f"SELECT kept.content_hash FROM {table} AS kept WHERE kept.project_id = %s"
            " AND kept.content_hash IN (SELECT value FROM json_each(%s))"
        )
        wanted = orjson.dumps(hashes).decode()
    with connection.cursor() as cursor:
        cursor.execute(sql, [project, wanted])
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def fewer_checkpoints() -> Iterator[None]:
    """While it lasts, this connection moves SQLite's log into the database after 32 MB: before any other one has to.

    Hashes touch pages all over their index; each is then moved once for many batches, and by us, not by a reviewer.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_autocheckpoint")
        [before] = cursor.fetchone()
        cursor.execute("PRAGMA wal_autocheckpoint = 8000")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA wal_autocheckpoint = {before:d}")


def move_log() -> None:
    """Moves what SQLite's log holds into the database, as far as nobody has to wait for it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def moment(now: Any) -> Any:
    """A moment as this database takes it."""
    return connection.ops.adapt_datetimefield_value(now)


@cache
def _insert(model: type[Model], columns: tuple[str, ...], equal: int, rows: int) -> str:
    """So many rows, the last `equal` columns of each from the first parameters."""
    quoted = ", ".join(f'"{name}"' for name in columns)
    constants = [f"?{at}" for at in range(1, equal + 1)]
    own = len(columns) - equal
    starts = range(equal + 1, equal + 1 + rows * own, own)
    values = (", ".join([*(f"?{at}" for at in range(start, start + own)), *constants]) for start in starts)
    return f'INSERT INTO "{model._meta.db_table}" ({quoted}) VALUES ' + ", ".join(f"({each})" for each in values)


def _copied(value: Any) -> str:
    """A value in the text form of COPY, in which tabs and line ends stand between values."""
    if isinstance(value, str):
        if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
            value = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
        return str(value)
    if value is None:
        return "\\N"
    return str(value)


@cache
def _copy(model: type[Model], columns: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{name}"' for name in columns)
    return f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN'
