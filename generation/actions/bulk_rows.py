"""Many rows in one statement: importing spends its time here, and model instances would double it.

Call it in a transaction. Ids are given out beforehand, so that rows can name each other before they are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import Model

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
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # A transaction of SQLite that writes is the only one: the last id stays the last one until we commit.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return range(first, first + count)


def insert(model: type[Model], *, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Writes rows of ready values: JSON as text, moments by `moment`."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(_copy(model, tuple(columns))) as copy:
            for row in rows:
                copy.write_row(row)
        return
    with connection.cursor() as cursor:
        cursor.executemany(_insert(model, tuple(columns)), rows)  # type: ignore[arg-type]


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
def _insert(model: type[Model], columns: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{name}"' for name in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({quoted}) VALUES ({", ".join(["%s"] * len(columns))})'


@cache
def _copy(model: type[Model], columns: tuple[str, ...]) -> str:
    quoted = ", ".join(f'"{name}"' for name in columns)
    return f'COPY "{model._meta.db_table}" ({quoted}) FROM STDIN'
