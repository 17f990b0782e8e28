"""What all imports share: a job reads its file in batches, each one transaction with its place in the file.

A worker that dies loses at most the batch that it was at; the next one goes on behind the last that was written. Memory
is bounded by the batch. Accepted + rejected + skipped = done, at every moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Any, BinaryIO

from generation.actions.jobs import fail_job, finish_job, save_progress
from generation.actions.uploads import Upload, drop_upload
from generation.models import Job
from generation.types import RowError

MOST_ERRORS = 200
"""Faults that the job itself shows."""

Line = tuple[int, Any]
"""A row, or the `RowError` in its place, with its line."""


@dataclass(frozen=True)
class Batch:
    """Some lines of a file. `place` is how many bytes of the file were read when its last line was."""

    lines: list[Line]
    place: int

    @cached_property
    def errors(self) -> list[RowError]:
        """What is wrong in it, warnings included, in the order of the file."""
        return [each for _, each in self.lines if isinstance(each, RowError)]

    @cached_property
    def rejected(self) -> int:
        """The rows that are refused."""
        return sum(each.severity == "error" for each in self.errors)

    @property
    def read(self) -> int:
        """The rows that were read, refused ones included; a warning is no row."""
        return len(self.lines) - len(self.errors) + self.rejected


def read_in(
    job: Job, *, lines: Callable[[BinaryIO], Iterator[Line]], size: Callable[[], int],
    write: Callable[[Batch], None], clock: Callable[[], datetime],
) -> None:  # fmt: skip
    """Reads the job's upload from where it stands to its end; the job fails as `file_missing` when it is gone.

    `write` is called with one batch of `size()` lines after another and must save the `progress` it makes in its
    transaction. The file goes once it is read.
    """
    upload = Upload(job.params["token"], job.params["name"], job.params["size"])
    save_progress(job, now=clock(), total=job.total or job.params["rows"])
    try:
        with upload.path.open("rb") as file:
            rest = islice(lines(file), job.cursor.get("lines", 0), None)
            while found := list(islice(rest, size())):
                write(Batch(found, file.tell()))
    except FileNotFoundError:
        fail_job(job, message="file_missing", now=clock())
        return
    finish_job(job, now=clock())
    drop_upload(upload)


def progress(job: Job, *, batch: Batch, accepted: int) -> dict[str, Any]:
    """The fields for `save_progress` once the batch is written and `accepted` of its rows were new."""
    done = job.done + batch.read
    return {
        "cursor": job.cursor | {"lines": job.cursor.get("lines", 0) + len(batch.lines), "place": batch.place},
        "total": max(job.total, done) if job.total else 0,
        "done": done,
        "accepted": job.accepted + accepted,
        "rejected": job.rejected + batch.rejected,
        "skipped": job.skipped + batch.read - batch.rejected - accepted,
        "errors": [*job.errors, *(asdict(each) for each in batch.errors[: MOST_ERRORS - len(job.errors)])],
    }
