"""Exports: one file from one frozen version, built by a job that any worker can take over."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from generation.actions.audit import audit
from generation.actions.jobs import cancel_job, fail_job, finish_job, save_progress, start_job
from generation.actions.looks import look_at_all
from generation.actions.tallies import count_moves
from generation.files.layouts import UnknownLayout, layout_named
from generation.files.strict_json import Fault
from generation.formats import UnknownFormat, format_named
from generation.models import Job, Person, Project
from generation.types import RowError
from review.actions.datasets import DEFAULT, NothingApprovedError, dataset_of, open_version, pin_rows
from review.exporting import manifest
from review.exporting.cards.facts import DataFile
from review.exporting.disk import DiskFullError, HashedFile, part_of, publish, sweep
from review.exporting.options import ExportOptions, can_become
from review.exporting.source import Clock, Source, findings_as_config
from review.exporting.writing import Bundle, write_single
from review.labels import tells_preferences
from review.mixes.blend import TooManyRowsError
from review.models import Dataset, DatasetVersion, Export
from review.selection import Selection

KIND = "review.build_export"


class RefusedFileError(Exception):
    """The target would refuse the file as it was asked for; what it refuses stands in the job."""


class UnreachableError(Exception):
    """Rows of the version's kind cannot become rows of the format's kind."""


def start_export(
    project: Project,
    *,
    format_name: str,
    layout: str = "",
    by: Person | None,
    now: datetime,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    version: DatasetVersion | None = None,
    options: ExportOptions | None = None,
) -> Export:
    """An export and its waiting job. With `version` the file is written from it again, byte for byte as before;
    otherwise a new version is opened for the selection. `layout` is the format's usual one where nobody says.

    `UnknownFormat`, `UnknownLayout`, `UnreachableError`, `NothingApprovedError`.
    """
    chosen = format_named(format_name)
    if not chosen.layouts:
        raise UnknownFormat(format_name)
    options = (options or ExportOptions(layout=layout or chosen.layouts[0])).sensible()
    if layout_named(options.layout).name not in chosen.layouts:
        raise UnknownLayout(options.layout)
    if not can_become(version.dataset.kind if version else selection.kind, chosen):
        raise UnreachableError
    with transaction.atomic():
        if version is None:
            version = _opened(project, selection=selection, by=by, now=now)
        params = {"version": version.pk, "format": chosen.name, **options.as_config()}
        job = start_job(project, kind=KIND, params=params, by=by, now=now)
        export = Export.objects.create(
            project=project,
            version=version,
            job=job,
            format=chosen.name,
            options=options.as_config(),
            file_name=_file_name(project, version, options),
            stored_name=secrets.token_hex(16),
            made_by=by,
            created_at=now,
        )
        if by is not None and tells_preferences(project, kind=version.dataset.kind):
            look_at_all(project, by=by, now=now)
        audit("export.start", by=by, now=now, project=project, subject=str(export.pk), **job.params)
    return export


def _opened(project: Project, *, selection: Selection, by: Person | None, now: datetime) -> DatasetVersion:
    name = DEFAULT if selection.kind == Dataset.Kind.SFT else f"{DEFAULT} {selection.kind}"
    dataset = dataset_of(project, now=now, name=name, kind=selection.kind)
    return open_version(dataset, selection=selection, by=by, now=now)


def _file_name(project: Project, version: DatasetVersion, options: ExportOptions) -> str:
    """The project, the version, the split; the dataset only where it is another than the usual one."""
    dataset = "" if version.dataset.name == DEFAULT else f"-{slugify(version.dataset.name)[:60] or version.dataset_id}"
    split = f"-{options.split}" if options.split else ""
    return f"{project.slug}{dataset}-v{version.number}{split}.{options.extension}"


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
    except TooManyRowsError:
        fail_job(job, message="mix_too_large", now=clock())
    except RefusedFileError:
        fail_job(job, message="contract", now=clock())
    except Fault as fault:
        fail_job(job, message=f"fault:{fault.code}", now=clock())


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
        table.write(b" " * (manifest.room(export) - 1) + b"\n")
        source = Source(export, job=job, clock=clock, table=table)
        written, faults = _fill(export, source, file, table)
        contract = _held(source, written, faults, job=job, clock=clock)
        export.rows = sum(each.rows for each in written)
        export.rows_without_model = source.rows_without_model
        export.size, export.sha256 = file.size, file.sha256
        export.files = [asdict(each) for each in written]
        table.seek(0)
        table.write(manifest.head(export, contract=contract))
    now = clock()
    save_progress(job, now=now, done=export.version.rows)
    publish(rows, mark=mark)
    publish(data, mark=mark)
    with transaction.atomic():
        finish_job(job, now=now)
        export.finished_at = now
        export.save(update_fields=["rows", "rows_without_model", "size", "sha256", "files", "finished_at"])
        count_moves(export.project_id, kind="export", moves={"done": 1})


def _fill(export: Export, source: Source, file: HashedFile, table: BinaryIO) -> tuple[list[DataFile], list[RowError]]:
    if not source.options.bundle:
        return write_single(source, file), []
    bundle = Bundle(export, source, file)
    bundle.write(table)
    return bundle.files, bundle.faults


def _held(source: Source, written: list[DataFile], faults: list[RowError], *, job: Job, clock: Clock) -> dict[str, Any]:
    """Writes down what the contract check found. `RefusedFileError` when the target would refuse what was asked for."""
    found = source.encoder.end(size=max(each.size for each in written))
    found.file_faults += faults
    contract, options = findings_as_config(source.encoder), source.options
    told = [
        {"line": each.line, "code": each.code, "path": each.path, "message": each.message, "severity": each.severity}
        for each in found.listed
    ]
    left_out = sum(found.left_out.values())
    cursor = job.cursor | {"contract": contract}
    save_progress(job, now=clock(), cursor=cursor, errors=told, rejected=left_out)
    if (found.bad_rows and not options.leave_out) or (found.refused and not options.despite):
        raise RefusedFileError
    return contract
