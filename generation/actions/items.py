"""Items under a lease: claiming, keeping and taking them back.

The rows say who holds what. A lease is judged by the database's clock, because workers on several machines share it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F, Q

from generation.actions.calls import give_up
from generation.actions.run_tallies import move_tallies
from generation.engine.ledger import ClaimedItem
from generation.engine.recorder import Fate, fate, forget
from generation.models import Item, Run

LEASE = timedelta(seconds=60)
MOST_CRASHES = 3
_HELD = "SELECT id, attempt FROM generation_item WHERE owner = %s AND state = 'leased' AND id IN ({places}) ORDER BY id"


def database_now(*, host_now: datetime) -> datetime:
    """The database server's clock; SQLite lives on this host and has the host's."""
    if connection.vendor == "sqlite":
        return host_now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found


def claim_items(run_id: int, *, owner: str, limit: int, now: datetime) -> list[ClaimedItem]:
    """Up to `limit` due items of a running run, lowest number first, now under a lease of `owner`; without journals."""
    due = Item.objects.filter(run_id=run_id, state=Item.State.PLANNED).filter(
        Q(not_before=None) | Q(not_before__lte=now)
    )
    if not due.exists():
        return []
    with transaction.atomic():
        if not Run.objects.filter(pk=run_id, state=Run.State.RUNNING).exists():
            return []
        rows = due.select_for_update(skip_locked=True).order_by("number")[:limit]
        found = list(rows.values_list("pk", "stage", "wave", "number", "attempt", "random_seed", "payload"))
        Item.objects.filter(pk__in=[row[0] for row in found]).update(
            state=Item.State.LEASED, owner=owner, attempt=F("attempt") + 1, lease_until=now + LEASE, not_before=None
        )
    return [
        ClaimedItem(pk, stage, wave, number, attempt + 1, random_seed, payload)
        for pk, stage, wave, number, attempt, random_seed, payload in found
    ]


def renew_leases(claims: Mapping[int, int], *, owner: str, now: datetime) -> set[int]:
    """Renews the leases that `owner` still holds under the claims (item id -> attempt); their ids."""
    with transaction.atomic():
        held = {pk for pk, claim in held_claims(claims, owner=owner).items() if claims[pk] == claim}
        Item.objects.filter(pk__in=held).update(lease_until=now + LEASE)
    return held


def held_claims(item_ids: Iterable[int], *, owner: str) -> dict[int, int]:
    """Item id -> attempt of those that `owner` holds, locked until the transaction ends."""
    ids = list(item_ids)
    if not ids:
        return {}
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    places = ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(places=places) + lock, [owner, *ids])
        return dict(cursor.fetchall())


def take_back(run_id: int, *, folder: Path, now: datetime) -> int:
    """Items whose worker is dead, or whose lease ran out, go back to the queue; how many.

    `folder` holds the flight recorders of this machine's workers. An item whose own code was running when its worker
    died is blamed, and parked as failed at the third time; with a worker of another machine all its items are.
    """
    leased = Item.objects.filter(run_id=run_id, state=Item.State.LEASED)
    owners = list(leased.order_by().values_list("owner", flat=True).distinct())
    taken = 0
    for owner in owners:
        known = fate(folder, owner)
        rows = leased.filter(owner=owner)
        if known.item is None:
            rows = rows.filter(lease_until__lt=now)
        taken += _take_back(run_id, rows_of=[*rows.values_list("pk", flat=True)], owner=owner, known=known, now=now)
        if known.item is not None:
            forget(folder, owner)
    return taken


@transaction.atomic
def _take_back(run_id: int, *, rows_of: list[int], owner: str, known: Fate, now: datetime) -> int:
    if not rows_of:
        return 0
    held = Item.objects.select_for_update().filter(pk__in=rows_of, owner=owner, state=Item.State.LEASED)
    held = held if known.item is not None else held.filter(lease_until__lt=now)
    items = list(held.order_by("pk"))
    run = Run.objects.get(pk=run_id)
    parked = 0
    for item in items:
        blamed = item.pk == known.item or (known.item is None and not known.alive)
        item.crashes += blamed
        item.state, item.owner, item.lease_until = Item.State.PLANNED, "", None
        if item.crashes >= MOST_CRASHES:
            item.state, item.failure, item.finished_at = Item.State.FAILED, "worker_crashed", now
            parked += 1
    Item.objects.bulk_update(
        items, ["crashes", "state", "owner", "lease_until", "failure", "finished_at"], batch_size=200
    )
    unknown = give_up(run, item_ids=[item.pk for item in items])
    moves = Counter({"call.wire": -unknown, "call.unknown": unknown, "item.failed": parked})
    moves["call.retried" if run.retry_unknown else "call.failed"] += unknown
    moves[f"{'retry' if run.retry_unknown else 'failure'}.unknown_outcome"] += unknown
    move_tallies(run_id, moves=moves)
    return len(items)
