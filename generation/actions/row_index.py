"""Imported samples become searchable after they came in: a job of its own, because words take longer than rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection

from generation.actions.jobs import finish_job, release_job, save_progress, start_job, work_on
from generation.actions.pace import Pace
from generation.content import search_words
from generation.models import Job, Person, Project, Sample

KIND = "generation.index_rows"
PATIENCE = timedelta(seconds=2)
"""How long it waits before it looks again whether the import is over."""

_UPDATE = "UPDATE generation_sample SET search = %s WHERE id = %s AND version = %s"


def start_indexing(project: Project, *, by: Person | None, now: datetime, after: Job) -> Job:
    """A job that fills the search column of the samples that the import `after` writes, once that is over."""
    params = {"import": after.pk, "name": after.params["name"]}
    return start_job(project, kind=KIND, params=params, by=by, now=now)


def run_indexing(job_id: int, *, owner: str, clock: Callable[[], datetime]) -> None:
    """Goes through the import's samples by id, in short transactions, from where it stands; waits for its end first.

    However the import ended, what it wrote will be found.
    """
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _index(job, clock=clock))


def _index(job: Job, *, clock: Callable[[], datetime]) -> None:
    if Job.objects.at_work().filter(pk=job.params["import"]).exists():
        release_job(job, now=clock(), not_before=clock() + PATIENCE)
        return
    rows = Sample.objects.filter(job=job.params["import"])
    pace = Pace(size=200)
    columns = ("id", "version", "system", "instruction", "input", "output")
    while True:
        after = job.cursor.get("after", 0)
        found = list(rows.filter(id__gt=after).order_by("id").values_list(*columns)[: pace.size])
        if not found:
            break
        # A sample that was edited meanwhile has its words already, and another version.
        values = [(search_words(*texts), pk, version) for pk, version, *texts in found]
        with pace.transaction():
            with connection.cursor() as cursor:
                cursor.executemany(_UPDATE, values)
            done = job.done + len(found)
            save_progress(job, now=clock(), cursor=job.cursor | {"after": found[-1][0]}, done=done, accepted=done)
    finish_job(job, now=clock())
