"""Files of seeds: looked at, confirmed, and then read in by a job that any worker may take over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from django.db import transaction

from generation.actions.jobs import save_progress, start_job, work_on
from generation.actions.reading import MOST_ERRORS, Batch, progress, read_in
from generation.actions.seed_batches import insert_seeds
from generation.actions.seed_rows import content_hash, fault, fill, with_defaults
from generation.actions.tallies import count_moves
from generation.actions.uploads import Upload, confirm_upload, sweep_uploads
from generation.files.strict_json import Fault
from generation.files.tabular import Layout, detect
from generation.formats import seed_tasks
from generation.formats.seed_tasks import SeedRow
from generation.models import Job, Person, Project, Seed
from generation.types import RowError

KIND = "generation.import_seeds"
BATCH = 1000

Line = tuple[int, SeedRow | RowError]


@dataclass(frozen=True, slots=True)
class SeedPreview:
    """What the beginning of a file would become. `whole` is true when these counts are those of the whole file."""

    layout: Layout
    rows: tuple[tuple[int, SeedRow], ...]
    errors: tuple[RowError, ...]
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    whole: bool = True
    columns: tuple[str, ...] = ()
    labels: dict[str, int] = field(default_factory=dict)


def preview_seeds(project: Project, *, file: BinaryIO, most: int = 2000, shown: int = 8) -> SeedPreview:
    """What the first `most` rows of the file would become, nothing written. The file is left where it was."""
    try:
        layout = detect(file)
    except Fault as found:
        return SeedPreview(Layout("empty", ""), (), (RowError(1, found.code, message=found.message),), 1, 0, 1)
    start, lines = file.tell(), checked(seed_tasks.read(file))
    looked_at = list(islice(lines, most))
    whole = next(lines, None) is None
    file.seek(start)
    errors = [each for _, each in looked_at if isinstance(each, RowError)]
    rows = [(line, each) for line, each in looked_at if isinstance(each, SeedRow)]
    hashes = [content_hash(row) for _, row in rows]
    known = _active_hashes(project, hashes)
    fresh = set(hashes) - known
    rejected = sum(each.severity == "error" for each in errors)
    return SeedPreview(
        layout=layout,
        rows=tuple(rows[:shown]),
        errors=tuple(errors[:MOST_ERRORS]),
        read=len(rows) + rejected,
        accepted=len(fresh),
        rejected=rejected,
        duplicates=len(rows) - len(fresh),
        whole=whole,
        columns=tuple(dict.fromkeys(name for _, row in rows[:100] for name in row.fields)),
        labels=dict(Counter(row.task_type for _, row in rows if row.task_type)),
    )


def checked(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with every row that the database could not hold turned into the error that says so."""
    for line, row in lines:
        yield line, (fault(row, line=line) or row) if isinstance(row, SeedRow) else row


def _active_hashes(project: Project, hashes: list[str]) -> set[str]:
    return set(Seed.objects.in_project(project).filter(content_hash__in=hashes).values_list("content_hash", flat=True))


def start_import(
    project: Project, *, upload: Upload, by: Person | None, now: datetime, task_type: str = "", language: str = "",
    tags: tuple[str, ...] = (), source: str = "", total: int = 0,
) -> Job:  # fmt: skip
    """A job that reads the upload in. `total` is the number of rows where the preview saw them all."""
    params = {
        "token": upload.token, "name": upload.name, "size": upload.size, "source": source or upload.name,
        "task_type": task_type, "language": language, "tags": list(tags), "rows": total,
    }  # fmt: skip
    confirm_upload(upload)
    return start_job(project, kind=KIND, params=params, by=by, now=now)


def run_import(job_id: int, *, owner: str, clock: Callable[[], datetime]) -> None:
    """Works on an import until its file is read; see `reading`."""
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _read_in(job, clock=clock))
    sweep_uploads(now=clock())


def _read_in(job: Job, *, clock: Callable[[], datetime]) -> None:
    read_in(
        job,
        lines=lambda file: checked(seed_tasks.read(file)),
        size=lambda: BATCH,
        write=lambda batch: _write(job, batch, now=clock()),
        clock=clock,
    )


@transaction.atomic
def _write(job: Job, batch: Batch, *, now: datetime) -> None:
    project = Project.objects.select_for_update(no_key=True).get(pk=job.project_id)
    rows: dict[str, tuple[int, SeedRow]] = {}
    for line, row in batch.lines:
        if isinstance(row, SeedRow):
            rows.setdefault(content_hash(row), (line, row))
    accepted = _add(project, job, rows=rows, now=now)
    save_progress(job, now=now, **progress(job, batch=batch, accepted=accepted))
    count_moves(project.pk, kind="seed", moves={"active": accepted}, shard=job.pk)


def _add(project: Project, job: Job, *, rows: dict[str, tuple[int, SeedRow]], now: datetime) -> int:
    known = {seed.content_hash: seed for seed in Seed.objects.filter(project=project, content_hash__in=list(rows))}
    params = job.params
    added, revived = [], []
    for key, (line, row) in rows.items():
        row = with_defaults(row, task_type=params["task_type"], language=params["language"], tags=tuple(params["tags"]))
        if key not in known:
            added.append((key, line, row))
        elif known[key].retired_at is not None:
            revived.append(fill(known[key], row=row, now=now))
            revived[-1].retired_at = None
    Seed.objects.bulk_update(revived, ["task_type", "language", "tags", "search", "updated_at", "retired_at"])
    return len(revived) + insert_seeds(project, rows=added, source=params["source"], now=now)
