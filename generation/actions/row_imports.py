"""Files of training data into a project: looked at, confirmed, and read in by a job that any worker may take over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from generation.actions.audit import audit
from generation.actions.bulk_rows import fewer_checkpoints, insert
from generation.actions.jobs import save_progress, start_job, work_on
from generation.actions.pace import Pace
from generation.actions.reading import Batch, progress, read_in
from generation.actions.row_batches import ready, write
from generation.actions.row_index import start_indexing
from generation.actions.row_reading import Reading, rows_in
from generation.actions.row_values import Said
from generation.actions.row_writes import Into
from generation.actions.uploads import Upload, confirm_upload, sweep_uploads
from generation.models import Job, JobFault, Person, Project
from generation.types import RowError

KIND = "generation.import_rows"


@dataclass(frozen=True, slots=True)
class Choices:
    """What the importer chose. `as_answers` hangs whole examples on their prompts; `approved` takes rows as decided."""

    reading: Reading
    said: Said = field(default_factory=Said)
    as_answers: bool = False
    approved: bool = False
    source: str = ""

    def as_params(self) -> dict[str, Any]:
        """Plain JSON for the job."""
        return asdict(self)

    @classmethod
    def from_params(cls, params: Mapping[str, Any]) -> Choices:
        """What `as_params` wrote down."""
        said = params["said"]
        return cls(
            Reading(**params["reading"]),
            Said(said["task_type"], said["language"], tuple(said["tags"])),
            params["as_answers"],
            params["approved"],
            params["source"],
        )


def start_row_import(
    project: Project, *, upload: Upload, choices: Choices, by: Person | None, now: datetime, total: int = 0
) -> Job:
    """A job that reads the upload in. `total` is the number of rows where the preview saw them all.

    Rows that come in approved are so in the name of `by`, and the audit says it.
    """
    params = {"token": upload.token, "name": upload.name, "size": upload.size, "rows": total, **choices.as_params()}
    with transaction.atomic():
        confirm_upload(upload)
        job = start_job(project, kind=KIND, params=params, by=by, now=now)
        start_indexing(project, by=by, now=now, after=job)
        if choices.approved:
            audit("import.approved", by=by, now=now, project=project, subject=f"job {job.pk}", file=upload.name)
    return job


def run_row_import(job_id: int, *, owner: str, clock: Callable[[], datetime], stopwatch: Callable[[], float]) -> None:
    """Works on an import until its file is read; see `reading`. A job of its own makes the new rows searchable."""
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _read_in(job, clock=clock, stopwatch=stopwatch))
    sweep_uploads(now=clock())


def _read_in(job: Job, *, clock: Callable[[], datetime], stopwatch: Callable[[], float]) -> None:
    choices = Choices.from_params(job.params)
    pace = Pace(stopwatch=stopwatch)

    def take(batch: Batch) -> None:
        rows = ready(batch.lines, said=choices.said, as_answers=choices.as_answers)
        with pace.transaction():
            _write(job, Batch(rows.lines, batch.place), rows=rows, choices=choices, now=clock())

    reading, size = choices.reading, lambda: pace.size
    with fewer_checkpoints():
        read_in(job, lines=lambda file: rows_in(file, reading=reading), size=size, write=take, clock=clock)


def _write(job: Job, batch: Batch, *, rows: Any, choices: Choices, now: datetime) -> None:
    # Two imports of the same rows at once: the second one waits, and then finds them there.
    project = Project.objects.select_for_update(no_key=True).get(pk=job.project_id)
    approver = job.made_by if choices.approved else None
    into = Into(project, job, choices.said, choices.source or job.params["name"], approver, now)
    accepted = write(into, rows=rows)
    if batch.errors:
        _note_faults(job, batch.errors)
    save_progress(job, now=now, **progress(job, batch=batch, accepted=accepted))


def _note_faults(job: Job, errors: list[RowError]) -> None:
    columns = ("job_id", "line", "severity", "code", "path", "message", "excerpt")
    rows = [(job.pk, e.line, e.severity, e.code[:60], e.path[:200], e.message[:500], e.excerpt) for e in errors]
    insert(JobFault, columns=columns, rows=rows)
