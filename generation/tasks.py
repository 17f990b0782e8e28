"""Celery's way in. Tasks carry ids only, tolerate arguments that they do not know, and may be repeated at any time."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from generation import dispatch
from generation.actions.batches import run_batch
from generation.actions.bulk_rows import move_log
from generation.actions.documents import run_reading
from generation.actions.drains import Door, drain
from generation.actions.due import due_in
from generation.actions.evaluation_files import read_evaluation_file as read_evaluation
from generation.actions.imports import run_import
from generation.actions.items import database_now
from generation.actions.row_imports import run_row_import
from generation.actions.row_index import run_indexing
from generation.actions.samples import admit as admit_pool
from generation.actions.turns import carry_turn as carry
from generation.actions.turns import keep_schedule as ring_workflow
from generation.actions.uploads import sweep_uploads

stopping = threading.Event()
"""Set when this worker process is asked to end: drains let their calls come home and stop."""


def _door() -> Door:
    return Door(
        now=timezone.now,
        monotonic=time.monotonic,
        rng=random.Random(),
        folder=settings.DATA_DIR / "owners",
        stop=stopping.is_set,
    )


@shared_task(name="generation.drain_run")
def drain_run(run_id: int, **_: Any) -> None:
    """Works on a run for a slice of time, then stands in line again behind those that wait."""
    if drain(run_id, door=_door()) == "slice":
        dispatch.ring_now(dispatch.DRAIN_RUN, run_id)


@shared_task(name="generation.admit")
def admit(pool_id: int, **_: Any) -> None:
    """Decides what waits in a pool, plans waves and closes runs."""
    door = _door()
    admit_pool(pool_id, owner=door.owner(), folder=door.folder, clock=lambda: database_now(host_now=timezone.now()))


@shared_task(name="generation.import_seeds")
def import_seeds(job_id: int, **_: Any) -> None:
    """Reads in an uploaded file of seeds."""
    run_import(job_id, owner=_door().owner(), clock=timezone.now)


@shared_task(name="generation.read_document")
def read_document(job_id: int, **_: Any) -> None:
    """Reads in an uploaded document."""
    run_reading(job_id, owner=_door().owner(), clock=timezone.now)


@shared_task(name="generation.import_rows")
def import_rows(job_id: int, **_: Any) -> None:
    """Reads in an uploaded file of training data."""
    run_row_import(job_id, owner=_door().owner(), clock=timezone.now, stopwatch=time.monotonic)


@shared_task(name="generation.read_evaluation_file")
def read_evaluation_file(job_id: int, **_: Any) -> None:
    """Reads in an uploaded file of evaluation texts."""
    read_evaluation(job_id, owner=_door().owner(), clock=timezone.now)


@shared_task(name="generation.index_rows")
def index_rows(job_id: int, **_: Any) -> None:
    """Makes imported samples searchable."""
    run_indexing(job_id, owner=_door().owner(), clock=timezone.now)


@shared_task(name="generation.carry_turn")
def carry_turn(job_id: int, **_: Any) -> None:
    """Moves a workflow's turn on, where its next step is due."""
    carry(job_id, owner=_door().owner(), clock=timezone.now)


@shared_task(name="generation.keep_schedule")
def keep_schedule(job_id: int, **_: Any) -> None:
    """Starts a turn of a workflow whose hour has come."""
    ring_workflow(job_id, owner=_door().owner(), clock=timezone.now)


@shared_task(name="generation.work_batch")
def work_batch(job_id: int, **_: Any) -> None:
    """Hands a batch in, looks how it stands, and writes down what it brought."""
    run_batch(job_id, owner=_door().owner(), clock=timezone.now)


@shared_task(name="generation.look_around")
def look_around(queues: list[str] | None = None, **_: Any) -> None:
    """The timer's errand: rings for every row of these queues that is due and that nobody works on.

    Who serves the jobs keeps SQLite's log short as well, so that no visitor's request has to."""
    close_old_connections()
    for task_name, pk in due_in(queues or ["gen", "jobs"], door=_door()):
        dispatch.ring_now(task_name, pk)
    if "jobs" in (queues or ["jobs"]):
        move_log()


@shared_task(name="generation.start_worker")
def start_worker(**_: Any) -> None:
    """The timer's first errand: this process has just begun to work. What nobody came back for goes."""
    stopping.clear()
    sweep_uploads(now=timezone.now())


@shared_task(name="generation.end_worker")
def end_worker(**_: Any) -> None:
    """The timer's last errand: asks the drains of this process to come to an end."""
    stopping.set()
