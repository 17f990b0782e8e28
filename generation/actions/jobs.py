"""Jobs: who works on one, how far it is, and how it ended.

A job may be picked up by any worker. Its lease says who is at it, its `attempt` fences off one who comes back after the
lease ran out: every write of a worker names the attempt that it claimed, and changes nothing when that is no longer the
job's. Wake-ups may be lost or repeated; the rows decide.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from fdc_project.web.states import TransitionError, check
from generation import dispatch
from generation.models import Job, Person, Project

LEASE = timedelta(seconds=30)
"""Renewed with every progress; how long a job rests when its worker has died."""
_BEAT = LEASE.total_seconds() / 3

MOST_CRASHES = 5
_CRASHES = "crashes"


class JobLostError(Exception):
    """Somebody else has the job now, or it was cancelled: whoever gets this stops and writes nothing more."""


def start_job(project: Project, *, kind: str, params: Mapping[str, Any], by: Person | None, now: datetime) -> Job:
    """A waiting job; a worker is woken once the transaction is committed. `kind` is the registered task's name."""
    job = Job.objects.create(project=project, kind=kind, params=dict(params), made_by=by, created_at=now)
    dispatch.ring(kind, job.pk)
    return job


def claim_job(job_id: int, *, owner: str, now: datetime) -> Job | None:
    """The job with a fresh lease for `owner`, or None when it is not due.

    A job whose worker vanished `MOST_CRASHES` times without saving any progress is failed as `crashed_too_often`.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().due(now).filter(pk=job_id).first()
        if job is None:
            return None
        if job.state == Job.State.RUNNING:
            crashes = job.cursor.get(_CRASHES, 0) + 1
            job.cursor = job.cursor | {_CRASHES: crashes}
            if crashes >= MOST_CRASHES:
                _end(job, Job.State.FAILED, message="crashed_too_often", now=now)
                return None
        job.state = Job.State.RUNNING
        job.owner = owner
        job.attempt += 1
        job.lease_until = now + LEASE
        job.started_at = job.started_at or now
        job.save(update_fields=["state", "owner", "attempt", "lease_until", "started_at", "cursor"])
    return job


def work_on(job_id: int, *, owner: str, clock: Callable[[], datetime], work: Callable[[Job], None]) -> None:
    """Claims the job and has `work` done on it; does nothing when the job is not due.

    `work` ends the job itself. When it raises, the job fails as `unexpected` and the error goes on to the log; a job
    that was lost to somebody else is left alone.
    """
    job = claim_job(job_id, owner=owner, now=clock())
    if job is None:
        return
    try:
        work(job)
    except JobLostError:
        return
    except Exception:
        with suppress(JobLostError):
            fail_job(job, message="unexpected", now=clock())
        raise


def save_progress(job: Job, *, now: datetime, **fields: Any) -> None:
    """Writes counts, `cursor` or `errors` down and renews the lease; `JobLostError` when it is no longer held.

    Call it inside the transaction of the rows that it speaks of, so that both stand or fall together.
    """
    fields["lease_until"] = now + LEASE
    if not _held(job).update(**fields):
        raise JobLostError(job.pk)
    for name, value in fields.items():
        setattr(job, name, value)


def release_job(job: Job, *, now: datetime, not_before: datetime | None = None) -> None:
    """Puts a claimed job back, so that the queue can go round: it goes on from its cursor. `JobLostError` as above."""
    changes = {"state": Job.State.WAITING, "owner": "", "lease_until": None, "not_before": not_before}
    if not _held(job).update(**changes):
        raise JobLostError(job.pk)
    if not_before is None or not_before <= now:
        dispatch.ring(job.kind, job.pk)


def finish_job(job: Job, *, now: datetime, message: str = "") -> None:
    """The claimed job is done. `JobLostError` when it is no longer the caller's."""
    _end_held(job, Job.State.DONE, message=message, now=now)


def fail_job(job: Job, *, message: str, now: datetime) -> None:
    """The claimed job cannot go on; `message` is a code that pages put into words. `JobLostError` as above."""
    _end_held(job, Job.State.FAILED, message=message, now=now)


def cancel_job(job: Job, *, now: datetime) -> Job:
    """Stops a waiting or running job: its worker finds out at its next write. `TransitionError` when it is over."""
    with transaction.atomic():
        fresh = Job.objects.select_for_update().get(pk=job.pk)
        check(fresh, Job.State.CANCELLED)
        Job.objects.filter(pk=fresh.pk).update(attempt=F("attempt") + 1)
        _end(fresh, Job.State.CANCELLED, message="", now=now)
    return fresh


def retry_job(job: Job, *, now: datetime) -> Job:
    """Puts a failed job back to work from where it stood. `TransitionError` when it did not fail."""
    with transaction.atomic():
        fresh = Job.objects.select_for_update().get(pk=job.pk)
        if fresh.state != Job.State.FAILED:
            raise TransitionError(fresh, fresh.state, Job.State.WAITING)
        fresh.state, fresh.message, fresh.finished_at, fresh.not_before = Job.State.WAITING, "", None, None
        fresh.cursor = {name: value for name, value in fresh.cursor.items() if name != _CRASHES}
        fresh.save(update_fields=["state", "message", "finished_at", "not_before", "cursor"])
        dispatch.ring(fresh.kind, fresh.pk)
    return fresh


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempt=job.attempt, owner=job.owner)


def _end_held(job: Job, state: Job.State, *, message: str, now: datetime) -> None:
    check(job, state)
    with transaction.atomic():
        if not _held(job).update(state=state):
            raise JobLostError(job.pk)
        _end(job, state, message=message, now=now)


def _end(job: Job, state: Job.State, *, message: str, now: datetime) -> None:
    job.state, job.message, job.owner, job.lease_until, job.finished_at = state, message[:300], "", None, now
    job.save(update_fields=["state", "message", "owner", "lease_until", "finished_at"])


@contextmanager
def kept_lease(job: Job, *, clock: Callable[[], datetime]) -> Iterator[None]:
    """Keeps the lease alive while a section computes for longer than a lease lasts; who lost the job finds out at its
    next own write."""
    over = threading.Event()

    def keep() -> None:
        try:
            while not over.wait(_BEAT):
                save_progress(job, now=clock())
        except JobLostError:
            return
        finally:
            connection.close()

    keeper = threading.Thread(target=keep, name="fdc-lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
