"""Exports: one file from one frozen version, built by a job that any worker can take over."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from generation import formats
from generation.actions.audit import audit
from generation.actions.jobs import LEASE, cancel_job, fail_job, finish_job, save_progress, start_job
from generation.actions.tallies import count_moves
from generation.formats import format_named
from generation.formats.layouts import layout_named
from generation.models import Job, Person, Project
from generation.types import Row
from review import manifest
from review.actions.datasets import NothingApprovedError, dataset_of, open_version, pin_rows
from review.files import DiskFullError, HashedFile, part_of, publish, sweep
from review.models import DatasetVersion, Export
from review.selection import WITHOUT_MODEL, Selection, pinned_rows

KIND = "review.build_export"
BEAT = timedelta(milliseconds=500)
"""How often progress is written down while a file grows."""

Clock = Callable[[], datetime]


def start_export(
    project: Project,
    *,
    format_name: str,
    layout: str = "",
    by: Person | None,
    now: datetime,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    version: DatasetVersion | None = None,
) -> Export:
    """An export and its waiting job. With `version` the file is written from it again, byte for byte as before;
    otherwise a new version is opened for the selection. `UnknownFormat`, `UnknownLayout`, `NothingApprovedError`."""
    chosen = format_named(format_name)
    laid_out = layout_named(layout or chosen.layouts[0])
    with transaction.atomic():
        if version is None:
            version = open_version(dataset_of(project, now=now), selection=selection, by=by, now=now)
        job = start_job(
            project,
            kind=KIND,
            params={"version": version.pk, "format": chosen.name, "layout": laid_out.name},
            by=by,
            now=now,
        )
        export = Export.objects.create(
            project=project,
            version=version,
            job=job,
            format=chosen.name,
            options={"layout": laid_out.name},
            file_name=f"{project.slug}-v{version.number}.{laid_out.extension}",
            stored_name=secrets.token_hex(16),
            made_by=by,
            created_at=now,
        )
        audit("export.start", by=by, now=now, project=project, subject=str(export.pk), **job.params)
    return export


def build_export(job: Job, *, clock: Clock) -> None:
    """Freezes the version where that is still to do, writes the file and its manifest, and ends the job either way.

    `JobLostError` when somebody else has the job now: nothing of this try is left behind then.
    """
    export = Export.objects.select_related("version__dataset__project", "project").get(job=job)
    try:
        _freeze(export.version, job=job, clock=clock)
        _write(export, job=job, clock=clock)
    except DiskFullError:
        fail_job(job, message="disk_full", now=clock())
    except NothingApprovedError:
        fail_job(job, message="nothing_approved", now=clock())


def cancel_export(export: Export, *, now: datetime) -> None:
    """Stops an export that is not over. Its worker removes what it wrote. `TransitionError` when it is over."""
    cancel_job(export.job, now=now)


def file_path(export: Export) -> Path:
    """Where the file lies; the name says nothing and comes from no person."""
    return Path(settings.EXPORT_ROOT) / export.stored_name


def manifest_path(export: Export) -> Path:
    """Where the manifest lies."""
    return Path(settings.EXPORT_ROOT) / f"{export.stored_name}.manifest"


def _freeze(version: DatasetVersion, *, job: Job, clock: Clock) -> None:
    if version.content_hash:
        return
    pin_rows(version, hold=lambda done, total: save_progress(job, now=clock(), total=total))


def _write(export: Export, *, job: Job, clock: Clock) -> None:
    data, rows, mark = file_path(export), manifest_path(export), str(job.attempt)
    sweep(data)
    sweep(rows)
    save_progress(job, now=clock(), total=export.version.rows, done=0)
    with ExitStack() as files:
        table = files.enter_context(part_of(rows, mark=mark))
        file = HashedFile(files.enter_context(part_of(data, mark=mark)))
        table.write(b" " * (manifest.HEAD_BYTES - 1) + b"\n")
        source = _Source(export, job=job, clock=clock, table=table)
        export.rows = formats.write(
            source.examples(),
            file,  # type: ignore[arg-type]
            chosen=format_named(export.format),
            layout=export.options["layout"],
        )
        export.rows_without_model = source.rows_without_model
        export.size, export.sha256 = file.size, file.sha256
        table.seek(0)
        table.write(manifest.head(export))
    now = clock()
    save_progress(job, now=now, done=export.rows)
    publish(rows, mark=mark)
    publish(data, mark=mark)
    with transaction.atomic():
        finish_job(job, now=now)
        export.finished_at = now
        export.save(update_fields=["rows", "rows_without_model", "size", "sha256", "finished_at"])
        count_moves(export.project_id, kind="export", moves={"done": 1})


class _Source:
    """Hands a version's rows to a format one by one, and writes the manifest's lines and the progress as it goes."""

    def __init__(self, export: Export, *, job: Job, clock: Clock, table: BinaryIO) -> None:
        self._export, self._job, self._clock, self._table = export, job, clock, table
        self._tracer = manifest.Tracer(export.version)
        self.rows_without_model = 0

    def examples(self) -> Iterator[Row]:
        """The rows in canonical form, in order. `JobLostError` when the job is no longer ours."""
        written = 0
        for batch in pinned_rows(self._export.version):
            self._table.write(self._tracer.lines(batch))
            self.rows_without_model += sum(row.origin in WITHOUT_MODEL for row in batch)
            yield from (row.row for row in batch)
            written += len(batch)
            self._report(written)

    def _report(self, written: int) -> None:
        now = self._clock()
        if self._job.lease_until is None or now - (self._job.lease_until - LEASE) >= BEAT:
            save_progress(self._job, now=now, done=written)
