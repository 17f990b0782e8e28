"""Our side: rows come into projects of a database of their own, and go out of them through the export's verbs."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from generation.actions import media, projects, row_imports, uploads
from generation.actions.jobs import work_on
from generation.actions.row_imports import Choices
from generation.actions.row_reading import Reading
from generation.formats import FORMATS
from generation.models import Job, Person, Project
from generation.samples import sample_path
from review.actions.exports import build_export, file_path, start_export
from review.exporting.options import ExportOptions
from review.models import Export
from review.selection import Selection
from tests.trainers.material import MEDIA, OWN, PICTURE, SAMPLES, Case, Record

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = {each.name: each.kind for each in FORMATS}


def bring_in(owner: Person) -> dict[str, Project]:
    """A project for each kind of material, its rows approved by their importer."""
    found = {}
    for name, (file, format_name) in SAMPLES.items():
        found[name] = _project(owner, name, sample_path(file).read_bytes(), format_name)
    for name, (rows, format_name) in OWN.items():
        found[name] = _project(owner, name, _lines(rows), format_name)
    return found


def exported(project: Project, case: Case, *, folder: Path, bundle: bool) -> Export:
    """The case's file, written below `folder`; a bundle is unpacked there."""
    kind = KINDS[case.format]
    options = ExportOptions(layout="jsonl", bundle=bundle)
    export = start_export(
        project, format_name=case.format, by=None, now=NOW, selection=Selection(kind=kind), options=options
    )
    work_on(export.job_id, owner="here", clock=lambda: NOW, work=lambda job: build_export(job, clock=lambda: NOW))
    export.refresh_from_db()
    if not export.ready:
        raise RuntimeError(f"{case.name} was not written: {export.job.message} {export.job.errors}")
    folder.mkdir(parents=True)
    if bundle:
        with zipfile.ZipFile(file_path(export)) as archive:
            archive.extractall(folder)
    else:
        (folder / "data.jsonl").write_bytes(file_path(export).read_bytes())
    return export


def break_file(path: Path, case: Case) -> list[Record]:
    """Every row of the file broken in the case's way, in place; the broken rows."""
    rows = [case.breaking(json.loads(line)) for line in path.read_bytes().splitlines()]
    path.write_bytes(_lines(rows))
    return rows


def _project(owner: Person, name: str, data: bytes, format_name: str) -> Project:
    project = projects.create_project(name=name.title(), language="en", now=NOW, by=owner)
    if name == "media":
        media.store_medium(project, name=MEDIA[0]["images"][0], chunks=[PICTURE], now=NOW)
    upload = uploads.store_upload(project, name=f"{name}.jsonl", chunks=[data])
    choices = Choices(Reading(format_name), approved=True)
    job = row_imports.start_row_import(project, upload=upload, choices=choices, by=owner, now=NOW)
    row_imports.run_row_import(job.pk, owner="here", clock=lambda: NOW, stopwatch=time.monotonic)
    done = Job.objects.get(pk=job.pk)
    if done.state != Job.State.DONE or done.rejected:
        raise RuntimeError(f"{name} did not come in: {done.state} {done.message} {done.errors}")
    return project


def _lines(rows: Iterable[Record]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
