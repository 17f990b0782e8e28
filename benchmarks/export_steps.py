"""The steps that `benchmarks.export` measures; imported once Django is set up."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from generation import formats
from generation.actions.jobs import work_on
from generation.formats import format_named
from generation.models import Project, Sample
from review.actions.datasets import dataset_of, open_version, pin_rows
from review.actions.exports import build_export, start_export
from review.models import DatasetVersion
from review.selection import Selection, pinned_rows


class Steps:
    """One project's way from approved rows to a file."""

    def __init__(self, project: Project, folder: str, *, now: datetime) -> None:
        self.project, self.folder, self.now = project, Path(folder), now
        self.longest_hold = 0.0
        settings.EXPORT_ROOT = self.folder / "exports"

    def read(self) -> None:
        """What the database alone can give: the texts, streamed as tuples."""
        columns = ("id", "instruction", "input", "output", "content_hash")
        for _ in Sample.objects.order_by("id").values_list(*columns).iterator(chunk_size=2000):
            pass

    def freeze(self) -> DatasetVersion:
        """A complete version; the longest time between two of its writes is kept."""
        dataset = dataset_of(self.project, now=self.now)
        version = open_version(dataset, selection=Selection(), by=None, now=self.now)
        last = [0.0]

        def hold(done: int, total: int) -> None:
            now = time.perf_counter()
            self.longest_hold = max(self.longest_hold, now - last[0] if last[0] else 0.0)
            last[0] = now

        pin_rows(version, hold=hold)
        return version

    def bare(self, version: DatasetVersion) -> None:
        """The rows through the format into a file, without hash and manifest."""
        with open(self.folder / "bare.jsonl", "wb", buffering=1 << 20) as file:
            examples = (row.row for batch in pinned_rows(version) for row in batch)
            formats.write(examples, file, chosen=format_named("alpaca"))

    def export(self, version: DatasetVersion) -> None:
        """The whole job, as a worker does it."""
        export = start_export(
            self.project, format_name="alpaca", selection=Selection(), by=None, now=self.now, version=version
        )
        clock = timezone.now
        work_on(export.job_id, owner="bench", clock=clock, work=lambda job: build_export(job, clock=clock))
