"""Requests that travel as batches: gathered from parked items, handed in once, and booked when they come home.

Everything is read off rows, so that a worker may die anywhere: a batch whose creation was answered to nobody is looked
for before another is made, and a call that a batch has brought is never asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from fdc_project.web.states import check
from generation.actions.address_policy import address_policy
from generation.actions.batch_answers import ingest
from generation.actions.endpoint_views import endpoint_view
from generation.actions.jobs import fail_job, finish_job, release_job, start_job, work_on
from generation.actions.run_states import pause_for
from generation.engine.killpoints import killpoint
from generation.engine.texts import storable
from generation.models import Batch, Call, Item, Job, Run, RunEvent
from generation.providers.base import ProviderError
from generation.providers.batch_files import MOST_BYTES, MOST_REQUESTS, BatchDesk, Line, Remote
from generation.secrets import SealError

WORK_BATCH = "generation.work_batch"
LOOK_AGAIN = timedelta(seconds=60)
_OVER = (Run.State.COMPLETED, Run.State.COMPLETED_WITH_ERRORS, Run.State.CANCELLED, Run.State.FAILED)


def parked(run_id: int) -> bool:
    """Whether requests wait for a batch while nothing else of the run is at work or about to be."""
    if not Call.objects.filter(run_id=run_id, state=Call.State.PLANNED, batch=None).exists():
        return False
    busy = Q(state=Item.State.LEASED) | Q(state=Item.State.PLANNED, not_before=None)
    return not Item.objects.filter(busy, run_id=run_id).exists()


@transaction.atomic
def gather(run: Run, *, now: datetime) -> list[Batch]:
    """Puts the parked requests into batches, one source each, and has a worker hand them in. Once for each request."""
    Run.objects.select_for_update().get(pk=run.pk)
    if not parked(run.pk):
        return []
    waiting = Call.objects.filter(run=run, state=Call.State.PLANNED, batch=None).order_by("pk")
    made = []
    for endpoint, model in waiting.order_by().values_list("endpoint", "model").distinct():
        for ids in _sized(waiting.filter(endpoint=endpoint, model=model)):
            batch = Batch.objects.create(
                run=run, endpoint_id=endpoint, model=model, token=uuid4().hex, requests=len(ids), made_at=now
            )  # fmt: skip
            for start in range(0, len(ids), 500):
                Call.objects.filter(pk__in=ids[start : start + 500]).update(batch=batch)
            start_job(run.project, kind=WORK_BATCH, params={"batch": batch.pk}, by=run.started_by, now=now)
            made.append(batch)
    return made


def _sized(calls: QuerySet[Call]) -> Iterable[list[int]]:
    """Ids in portions that providers take."""
    ids: list[int] = []
    size = 0
    for pk, request in calls.values_list("pk", "request").iterator():
        length = len(str(request)) * 2 + 200
        if ids and (len(ids) >= MOST_REQUESTS or size + length > MOST_BYTES):
            yield ids
            ids, size = [], 0
        ids.append(pk)
        size += length
    if ids:
        yield ids


def run_batch(job_id: int, *, owner: str, clock: Callable[[], datetime]) -> None:
    """Takes the job's batch as far as it goes now; it looks again in a minute while the provider is at it."""
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _carry(job, clock=clock))


def _carry(job: Job, *, clock: Callable[[], datetime]) -> None:
    batch = Batch.objects.select_related("run", "endpoint").get(pk=job.params["batch"])
    try:
        desk = BatchDesk(endpoint_view(batch.endpoint), address_policy())
        remote = _readable(_handed_in(batch, desk, now=clock()))
        if batch.run.state in _OVER or batch.run.state == Run.State.STOPPING:
            remote = remote if remote.over else _readable(desk.cancel(remote.id))
            return finish_job(job, now=clock(), message=remote.status)
        if not remote.over:
            _move(batch, batch.state, status=remote.status)
            return release_job(job, now=clock(), not_before=clock() + LOOK_AGAIN)
        counts = ingest(batch, lines=_lines(desk, remote), words=remote.words or remote.status, now=clock())
        _move(batch, Batch.State.INGESTED, status=remote.status, ended_at=clock(), **counts)
        _tell(batch, "batch.ended" if counts["answered"] else "batch.failed", now=clock(), words=remote.words)
        if not counts["answered"]:  # another one would fare no better: somebody has to look
            pause_for(batch.run_id, reason=Run.PauseReason.BROKEN, detail=f"{remote.status}: {remote.words}")
    except (ProviderError, SealError) as error:
        return _stuck(job, batch, error, clock=clock)
    finish_job(job, now=clock())


def _handed_in(batch: Batch, desk: BatchDesk, *, now: datetime) -> Remote:
    """The batch at the provider, made there if it is not there yet."""
    if batch.state == Batch.State.GATHERED:
        calls = Call.objects.filter(batch=batch, state=Call.State.PLANNED).order_by("pk")
        file_id = desk.upload((str(pk), request) for pk, request in calls.values_list("pk", "request").iterator())
        _move(batch, Batch.State.UPLOADED, file_id=file_id)
    if batch.state == Batch.State.UPLOADED:
        Call.objects.filter(batch=batch, state=Call.State.PLANNED).update(state=Call.State.SENT, sent_at=now)
        known = desk.find(token=batch.token, file_id=batch.file_id)
        remote = _readable(known or desk.create(batch.file_id, token=batch.token))
        killpoint("batch_created")
        _move(batch, Batch.State.CREATED, batch_id=remote.id, status=remote.status, asked_at=now)
        _tell(batch, "batch.created", now=now)
        return remote
    return desk.look(batch.batch_id)


def _readable(remote: Remote) -> Remote:
    """What the provider says, as every database can hold it."""
    return replace(remote, status=storable(remote.status), words=storable(remote.words))


def _lines(desk: BatchDesk, remote: Remote) -> Iterable[Line]:
    yield from desk.lines(remote.output_file)
    yield from desk.lines(remote.error_file)


def _stuck(job: Job, batch: Batch, error: ProviderError | SealError, *, clock: Callable[[], datetime]) -> None:
    """A provider that is away is asked again; one that refuses pauses the run and gives its requests back."""
    passing = isinstance(error, ProviderError) and not error.permanent
    if passing:
        wait = timedelta(seconds=error.retry_after or LOOK_AGAIN.total_seconds())  # type: ignore[union-attr]
        return release_job(job, now=clock(), not_before=clock() + wait)
    if batch.state != Batch.State.CREATED:
        ingest(batch, lines=(), words=str(error), now=clock())
        _move(batch, Batch.State.FAILED, status="refused", ended_at=clock())
    _tell(batch, "batch.failed", now=clock(), words=str(error))
    kind = error.kind if isinstance(error, ProviderError) else "unauthorized"
    reason = {"unauthorized": Run.PauseReason.AUTH, "no_credit": Run.PauseReason.CREDIT}.get(kind)
    pause_for(batch.run_id, reason=reason or Run.PauseReason.BROKEN, detail=str(error))
    fail_job(job, message="batch_refused", now=clock())


def _move(batch: Batch, to: str, **changes: object) -> None:
    """Moves the batch along its table, with what is known of it now."""
    if to != batch.state:
        check(batch, to)
    batch.state = to
    for name, value in changes.items():
        setattr(batch, name, value)
    batch.save(update_fields=["state", *changes])


def _tell(batch: Batch, kind: str, *, now: datetime, words: str = "") -> None:
    ended = {"answered": batch.answered} if kind != "batch.created" else {}
    detail = {"batch": batch.pk, "requests": batch.requests, "status": batch.status, "detail": words[:500], **ended}
    RunEvent.objects.create(run_id=batch.run_id, at=now, kind=kind, detail=detail)
