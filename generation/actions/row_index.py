"""Imported samples become searchable and are checked after they came in: a job of its own, because both take longer
than the rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from generation.actions.jobs import finish_job, release_job, save_progress, start_job, work_on
from generation.actions.pace import Pace
from generation.content import search_words
from generation.models import Job, Person, Project, Sample
from generation.quality.places import plain
from generation.quality.profiles import examine
from generation.quality.rows import SAMPLE_FIELDS, draft_of_sample

KIND = "generation.index_rows"
PATIENCE = timedelta(seconds=2)
"""How long it waits before it looks again whether the import is over."""

_UPDATE = "UPDATE generation_sample SET search = %s, checks = %s WHERE id = %s AND version = %s"
_MOST_FINDINGS = 40
"""Of one row: a conversation of a thousand turns has a place for each of them."""


def start_indexing(project: Project, *, by: Person | None, now: datetime, after: Job) -> Job:
    """A job that fills the search column and the findings of what the import `after` writes, once that is over."""
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
    while True:
        after = job.cursor.get("after", 0)
        found = list(
            rows.filter(id__gt=after).order_by("id").values("id", "version", "state", *SAMPLE_FIELDS)[: pace.size]
        )
        if not found:
            break
        # A sample that was edited meanwhile has its words already, and another version.
        values = [(_words(row), _findings(row), row["id"], row["version"]) for row in found]
        with pace.transaction():
            with connection.cursor() as cursor:
                cursor.executemany(_UPDATE, values)
            done = job.done + len(found)
            save_progress(job, now=clock(), cursor=job.cursor | {"after": found[-1]["id"]}, done=done, accepted=done)
    finish_job(job, now=clock())


def _words(row: Mapping[str, Any]) -> str:
    return search_words(row["system"], row["instruction"], row["input"], row["output"])


def _findings(row: Mapping[str, Any]) -> str:
    """What the checks of its profile say, as JSON; nothing of a bare prompt, whose answers are rows of their own."""
    if row["state"] == Sample.State.GENERATED:
        return "[]"
    found = examine(draft_of_sample(row))
    return json.dumps([plain(each) for each in found[:_MOST_FINDINGS]], ensure_ascii=False) if found else "[]"
