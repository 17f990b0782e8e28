"""Counters per project, kind and state, moved in the same transaction as the rows that they count."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Sum

from generation.models import Tally

SHARDS = 8
_ADD = (
    "INSERT INTO generation_tally (project_id, kind, state, shard, count) VALUES {values}"
    " ON CONFLICT (project_id, kind, state, shard) DO UPDATE SET count = generation_tally.count + excluded.count"
)


def count_moves(project_id: int, *, kind: str, moves: Mapping[str, int], shard: int = 0) -> None:
    """Adds `moves` (state -> difference) to the project's tallies, in one statement.

    Call it last in the transaction, so that its row locks are short. Rows are locked in the order of their states, so
    that two writers never wait for each other.
    """
    rows = [(project_id, kind, state, shard % SHARDS, step) for state, step in sorted(moves.items()) if step]
    if not rows:
        return
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(_ADD.format(values=values), [value for row in rows for value in row])


def counts(project_id: int, *, kind: str) -> dict[str, int]:
    """State -> count for one kind of row in a project, states without rows left out."""
    rows = Tally.objects.filter(project_id=project_id, kind=kind).values("state").annotate(total=Sum("count"))
    return {row["state"]: row["total"] for row in rows if row["total"]}
