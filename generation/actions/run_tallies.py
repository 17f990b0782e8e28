"""Counters of a run, moved in the transaction of the rows that they count."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from generation.models import RunTally

_MOVE = (
    "INSERT INTO generation_runtally (run_id, name, count) VALUES (%s, %s, %s) "
    "ON CONFLICT (run_id, name) DO UPDATE SET count = generation_runtally.count + excluded.count"
)


def move_tallies(run_id: int, *, moves: Mapping[str, int]) -> None:
    """Adds `moves` (name -> difference). Call it last in the transaction: the rows are shared by all workers."""
    rows = [(run_id, name, difference) for name, difference in sorted(moves.items()) if difference]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_MOVE, rows)


def tallies(run_id: int) -> dict[str, int]:
    """Name -> count."""
    return dict(RunTally.objects.filter(run_id=run_id).values_list("name", "count"))
