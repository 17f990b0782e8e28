"""The steps that `benchmarks.imports` measures; imported once Django is set up.

As a program, `python -m benchmarks.import_steps FILE ROWS` imports into the project of `benchmarks.review_ground`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from benchmarks import ready  # noqa: F401 - must come before the rows
from generation.actions.jobs import work_on
from generation.actions.row_imports import Choices, run_row_import, start_row_import
from generation.actions.row_index import run_indexing
from generation.actions.row_reading import Reading
from generation.actions.uploads import store_upload
from generation.models import Job, Person, Project
from review.actions.datasets import dataset_of, open_version, pin_rows
from review.actions.exports import build_export, start_export
from review.selection import Selection

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
TEXT = "数据 and words, as they come: " * 8


def write_file(path: Path, rows: int, *, first: int = 0) -> None:
    """So many rows of Alpaca, about 600 bytes each; they differ from those with other numbers."""
    with path.open("w", encoding="utf-8") as file:
        for at in range(first, first + rows):
            row = {"instruction": f"{at} {TEXT}", "input": "", "output": f"{TEXT}{at}"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


class Steps:
    """The way of rows into a project and out of it."""

    def __init__(self, folder: str, paths: Sequence[Path]) -> None:
        settings.IMPORT_ROOT, settings.EXPORT_ROOT = Path(folder, "imports"), Path(folder, "exports")
        self.paths = paths
        self.project = Project.objects.create(slug="imports", name="Imports", created_at=NOW)
        self.person = Person.objects.create(username="bench", password="!")

    def read_in(self) -> None:
        """The whole import, as a worker does it."""
        for path in self.paths:
            read_in(self.project, path, by=self.person)

    def read_in_again(self) -> None:
        """Its second time."""
        self.read_in()

    def index(self) -> None:
        """The words for the search."""
        jobs = Job.objects.filter(project=self.project, kind="generation.index_rows").order_by("pk")
        for pk in jobs.values_list("pk", flat=True)[: len(self.paths)]:
            run_indexing(pk, owner="bench", clock=timezone.now)

    def freeze(self) -> None:
        """A complete version."""
        dataset = dataset_of(self.project, now=NOW)
        self.version = open_version(dataset, selection=Selection(), by=None, now=NOW)
        pin_rows(self.version, hold=lambda done, total: None)

    def export(self) -> None:
        """The whole export, as a worker does it."""
        export = start_export(self.project, format_name="alpaca", by=None, now=NOW, version=self.version)
        clock = timezone.now
        work_on(export.job_id, owner="bench", clock=clock, work=lambda job: build_export(job, clock=clock))


def read_in(project: Project, path: Path, *, by: Person | None) -> None:
    """Imports a file of Alpaca rows, approved by `by` where somebody is; fails unless the job ends well."""
    upload = store_upload(project, name="rows.jsonl", chunks=_chunks(path))
    choices = Choices(Reading("alpaca"), approved=by is not None)
    job = start_row_import(project, upload=upload, choices=choices, by=by, now=timezone.now())
    run_row_import(job.pk, owner="bench", clock=timezone.now, stopwatch=time.perf_counter)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, (job.state, job.message)
    assert job.done == job.accepted + job.skipped, (job.done, job.accepted, job.skipped, job.rejected)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def import_on_demand(arguments: list[str]) -> None:
    """Prepares the file, waits for a line on standard input, imports, and prints the rows a second."""
    path = Path(arguments[0])
    write_file(path, int(arguments[1]))
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.perf_counter()
    read_in(Project.objects.get(slug="bench"), path, by=None)
    print(f"{int(arguments[1]) / (time.perf_counter() - begun):,.0f}", flush=True)


if __name__ == "__main__":
    import_on_demand(sys.argv[1:])
