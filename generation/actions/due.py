"""What is due, read off the rows: whoever lost a message, lost nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from generation import dispatch
from generation.actions.batches import parked
from generation.actions.drains import Door, at_work
from generation.actions.items import database_now, take_back
from generation.actions.samples import wave_is_due
from generation.engine.recorder import fate
from generation.models import Item, Job, Pool, Run

_DECIDABLE = (Item.State.DONE, Item.State.FAILED, Item.State.CANCELLED)


def due_in(queues: Iterable[str], *, door: Door) -> Iterator[tuple[str, int]]:
    """(task name, row id) of each row of these queues that is due and that nobody works on."""
    names = set(queues)
    if "gen" in names:
        yield from ((dispatch.DRAIN_RUN, pk) for pk in _runs_to_drain(door))
    if "jobs" in names:
        yield from ((dispatch.ADMIT, pk) for pk in _pools_to_admit(door))
        yield from _jobs(door)


def _runs_to_drain(door: Door) -> Iterator[int]:
    """Running runs with an item to claim, that this process is not at work on; dead workers' items are taken back."""
    for run in Run.objects.open().order_by("id").only("id", "state", "batch"):
        now = database_now(host_now=door.now())
        take_back(run.pk, folder=door.folder, now=now)
        planned = Item.objects.filter(run=run, state=Item.State.PLANNED)
        ready = planned.filter(Q(not_before=None) | Q(not_before__lte=now))
        if run.state != Run.State.RUNNING or at_work(run.pk):
            continue
        if ready.exists() or (run.batch == Run.Batching.FILE and parked(run.pk)):
            yield run.pk


def _pools_to_admit(door: Door) -> Iterator[int]:
    """Pools with drafts to decide, a wave to plan or a run to close, that nobody alive holds."""
    asked: set[int] = set()
    open_ = Run.objects.filter(state__in=[Run.State.RUNNING, Run.State.STOPPING, Run.State.PAUSED])
    for run in open_.order_by("id").only("id", "state", "wave", "pool_id", "preview"):
        if run.pool_id not in asked and _needs_admission(run) and not _held(run.pool_id, door):
            asked.add(run.pool_id)
            yield run.pool_id


def _needs_admission(run: Run) -> bool:
    if run.preview and run.state == Run.State.RUNNING:
        busy = [Item.State.PLANNED, Item.State.LEASED]
        return not Item.objects.filter(run=run, state__in=busy).exists()
    head = Item.objects.filter(run=run, admitted=False).order_by("number").first()
    if head is not None and head.state in _DECIDABLE:
        return True
    return run.state == Run.State.STOPPING or (run.state == Run.State.RUNNING and wave_is_due(run, head=head))


def _held(pool_id: int, door: Door) -> bool:
    pool = Pool.objects.get(pk=pool_id)
    if not pool.lease_owner or pool.lease_until is None or pool.lease_until < database_now(host_now=door.now()):
        return False
    return fate(door.folder, pool.lease_owner).item is None


def _jobs(door: Door) -> Iterator[tuple[str, int]]:
    """Waiting jobs, and those whose worker's lease ran out."""
    yield from Job.objects.due(door.now()).order_by("id").values_list("kind", "pk")[:20]
