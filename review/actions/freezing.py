"""Versions that are frozen by themselves, as a job that any worker can take over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from generation.actions.audit import audit
from generation.actions.jobs import cancel_job, fail_job, finish_job, save_progress, start_job
from generation.actions.looks import look_at_all
from generation.models import Job, Person, Project
from review.actions.datasets import DEFAULT, NothingApprovedError, dataset_of, open_version, pin_rows
from review.mixes.blend import TooManyRowsError
from review.mixes.recipe import Recipe
from review.models import Dataset, DatasetVersion
from review.reports.counts import narrows_by_verdicts

KIND = "review.freeze_version"
LONGEST_NAME = 120
LONGEST_NOTE = 300

Clock = Callable[[], datetime]


def start_freeze(
    project: Project, *, recipe: Recipe, by: Person | None, now: datetime, name: str = "", note: str = ""
) -> DatasetVersion:
    """The next version of the dataset of that name, and the waiting job that will pin its rows.

    Whoever narrows it down by what people may not know before they vote has looked: how many rows it has says what.
    `NothingApprovedError` when no source has a row, `WrongKindError` when the dataset holds rows of another kind.
    """
    with transaction.atomic():
        if by is not None and narrows_by_verdicts(project, recipe):
            look_at_all(project, by=by, now=now)
        dataset = dataset_of(project, now=now, name=named(name, kind=recipe.kind), kind=recipe.kind)
        version = open_version(dataset, recipe=recipe, by=by, now=now, note=note)
        version.job = start_job(project, kind=KIND, params={"version": version.pk}, by=by, now=now)
        version.save(update_fields=["job"])
        audit("dataset.freeze", by=by, now=now, project=project, subject=str(version.pk), dataset=dataset.name)
    return version


def named(name: str, *, kind: str) -> str:
    """The dataset's name: what was asked for, cut to what fits, or the kind's usual one."""
    return name.strip()[:LONGEST_NAME] or (DEFAULT if kind == Dataset.Kind.SFT else f"{DEFAULT}-{kind}")


def freeze_version(job: Job, *, clock: Clock) -> None:
    """Pins the rows of the job's version and ends the job either way. `JobLostError` when somebody else has it now."""
    version = DatasetVersion.objects.select_related("dataset__project", "parent__dataset").get(job=job)

    def hold(done: int, total: int) -> None:
        save_progress(job, now=clock(), done=done, total=total)

    try:
        if not version.content_hash:
            pin_rows(version, hold=hold)
        finish_job(job, now=clock())
    except NothingApprovedError:
        fail_job(job, message="nothing_approved", now=clock())
    except TooManyRowsError:
        fail_job(job, message="mix_too_large", now=clock())


def cancel_freeze(version: DatasetVersion, *, now: datetime) -> None:
    """Stops a freeze; the next one sweeps away what it pinned. `TransitionError` when it is over."""
    if version.job is not None:
        cancel_job(version.job, now=now)


def set_note(version: DatasetVersion, *, note: str, by: Person | None, now: datetime) -> None:
    """Changes the one thing about a frozen version that may change."""
    with transaction.atomic():
        version.note = note[:LONGEST_NOTE].replace("\0", "")
        version.save(update_fields=["note"])
        audit("dataset.note", by=by, now=now, project=version.dataset.project, subject=str(version.pk))
