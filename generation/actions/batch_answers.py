"""What a batch brought home, written down call by call; partly failed and expired batches bring what they have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from fdc_project.web.numbers import number_in
from generation import dispatch
from generation.actions.run_tallies import move_tallies
from generation.actions.spending import settle
from generation.engine.texts import storable
from generation.models import Batch, Call, Item, Run
from generation.providers.batch_files import Line

MOST_TRIES = 4
"""How often a request may travel in vain."""
_AT_ONCE = 300
_NOT_RUN = "server_error"


def ingest(batch: Batch, *, lines: Iterable[Line], words: str, now: datetime) -> dict[str, int]:
    """Stores each answer as bytes, gives back what never ran, and lets the items go on. May be repeated: an answer that
    is there stays as it is. {"answered", "returned"} are counts of requests.

    A drain then reads and books the answers as if they had just come, at the price of a batch.
    """
    gathered: list[Line] = []
    for line in lines:
        gathered.append(line)
        if len(gathered) >= _AT_ONCE:
            _store(batch, gathered, now=now)
            gathered = []
    _store(batch, gathered, now=now)
    returned = _give_back(batch, words=words, now=now)
    _wake(batch)
    brought = Call.objects.filter(batch=batch).exclude(status=0)
    return {"answered": brought.count(), "returned": returned}


@transaction.atomic
def _store(batch: Batch, lines: Iterable[Line], *, now: datetime) -> None:
    by_name = {line.custom_id: line for line in lines if line.status}
    by_id = {number: line for name, line in by_name.items() if (number := number_in(name)) is not None}
    waiting = Call.objects.filter(batch=batch, state=Call.State.SENT, pk__in=by_id)
    calls = list(waiting.only("pk", "state"))
    for call in calls:
        line = by_id[call.pk]
        call.state, call.raw, call.status = Call.State.ANSWERED, line.raw, line.status
        call.request_id, call.ended_at = storable(line.request_id), now
    Call.objects.bulk_update(calls, ["state", "raw", "status", "request_id", "ended_at"], batch_size=100)


def _give_back(batch: Batch, *, words: str, now: datetime) -> int:
    """Requests without an answer were not billed: their money comes back, and they travel again, a few times."""
    count = 0
    while True:
        with transaction.atomic():
            open_ = Call.objects.filter(batch=batch, state__in=[Call.State.PLANNED, Call.State.SENT])
            calls = list(open_.only("pk", "attempt", "reserved_micro", "state")[:_AT_ONCE])
            if not calls:
                return count
            moves: Counter[str] = Counter({"call.wire": -len(calls)})
            for call in calls:
                final = call.attempt >= MOST_TRIES
                call.state, call.failure, call.failure_detail = Call.State.FAILED, _NOT_RUN, f"batch: {words}"[:2000]
                call.superseded, call.ended_at = not final, now
                moves["call.failed" if final else "call.retried"] += 1
                moves[f"{'failure' if final else 'retry'}.{_NOT_RUN}"] += 1
            fields = ["state", "failure", "failure_detail", "superseded", "ended_at"]
            Call.objects.bulk_update(calls, fields, batch_size=100)
            settle(batch.run_id, reserved=-sum(call.reserved_micro for call in calls), spent=0, maybe_billed=0)
            move_tallies(batch.run_id, moves=moves)
            count += len(calls)


def _wake(batch: Batch) -> None:
    """The items whose requests travelled may be claimed again."""
    with transaction.atomic():
        travelled = Call.objects.filter(batch=batch).values("item")
        Item.objects.filter(pk__in=travelled, state=Item.State.PLANNED).update(not_before=None)
        if Run.objects.filter(pk=batch.run_id, state=Run.State.RUNNING).exists():
            dispatch.ring(dispatch.DRAIN_RUN, batch.run_id)
