"""Files of seeds: kept, looked at, confirmed, and then read in by a job that any worker may take over."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from generation.actions.jobs import fail_job, finish_job, save_progress, start_job, work_on
from generation.actions.seed_batches import insert_seeds
from generation.actions.seed_rows import content_hash, fault, fill, with_defaults
from generation.actions.tallies import count_moves
from generation.formats import seed_tasks
from generation.formats.seed_tasks import SeedRow
from generation.formats.strict_json import Fault
from generation.formats.tabular import Layout, detect
from generation.models import Job, Person, Project, Seed
from generation.types import RowError

KIND = "generation.import_seeds"
LARGEST = 200 * 1024 * 1024
KEPT = timedelta(days=1)
"""How long an upload waits for somebody to confirm it."""

BATCH = 1000
MOST_ERRORS = 200
_TOKEN = re.compile(r"[0-9a-f]{32}")

Line = tuple[int, SeedRow | RowError]


class UploadTooLargeError(Exception):
    """The file has more than `LARGEST` bytes."""


class NoUploadError(LookupError):
    """There is no such upload in this project; it may have been imported already."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits to be confirmed. `name` is what the person called it and is never a path here."""

    token: str
    name: str
    size: int

    @property
    def path(self) -> Path:
        """Where the bytes lie, under a random name."""
        return Path(settings.IMPORT_ROOT) / self.token


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


def store_upload(project: Project, *, name: str, chunks: Iterable[bytes]) -> Upload:
    """Keeps a file under a random name until it is confirmed; `UploadTooLargeError` leaves nothing behind."""
    root = Path(settings.IMPORT_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    token, size = secrets.token_hex(16), 0
    try:
        with os.fdopen(os.open(root / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > LARGEST:
                    raise UploadTooLargeError
                file.write(chunk)
    except UploadTooLargeError:
        (root / token).unlink()
        raise
    upload = Upload(token, name[:200], size)
    (root / f"{token}.json").write_text(json.dumps({"project": project.pk, "name": upload.name}), encoding="utf-8")
    return upload


def find_upload(project: Project, *, token: str) -> Upload:
    """The project's upload of that token; `NoUploadError` when it is gone or another project's."""
    beside = Path(settings.IMPORT_ROOT) / f"{token}.json"
    if not _TOKEN.fullmatch(token) or not beside.exists():
        raise NoUploadError
    kept = json.loads(beside.read_text(encoding="utf-8"))
    if kept["project"] != project.pk:
        raise NoUploadError
    return Upload(token, kept["name"], beside.with_suffix("").stat().st_size)


def sweep_uploads(*, now: datetime) -> int:
    """Removes files older than `KEPT` that no waiting or running import will read; how many uploads went."""
    at_work = Job.objects.filter(kind=KIND, state__in=[Job.State.WAITING, Job.State.RUNNING])
    wanted = {params["token"] for params in at_work.values_list("params", flat=True)}
    oldest, swept = (now - KEPT).timestamp(), set()
    root = Path(settings.IMPORT_ROOT)
    for path in root.iterdir() if root.is_dir() else ():
        with suppress(FileNotFoundError):  # another process may sweep at the same time
            if path.stem not in wanted and _TOKEN.fullmatch(path.stem) and path.stat().st_mtime < oldest:
                path.unlink()
                swept.add(path.stem)
    return len(swept)


def drop_upload(upload: Upload) -> None:
    """Forgets the file."""
    upload.path.unlink(missing_ok=True)
    upload.path.with_suffix(".json").unlink(missing_ok=True)


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
    # The person's handle on the file goes: a second confirmation of the same upload finds nothing to confirm.
    upload.path.with_suffix(".json").unlink(missing_ok=True)
    return start_job(project, kind=KIND, params=params, by=by, now=now)


def run_import(job_id: int, *, owner: str, clock: Callable[[], datetime]) -> None:
    """Works on an import until its file is read: in batches, each one transaction with its place in the file.

    A worker that dies loses at most the batch that it was at; the next one goes on behind the last that was written.
    Memory is bounded by the batch. Accepted + rejected + duplicates = read, at every moment.
    """
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _read_in(job, clock=clock))
    sweep_uploads(now=clock())


def _read_in(job: Job, *, clock: Callable[[], datetime]) -> None:
    upload = Upload(job.params["token"], job.params["name"], job.params["size"])
    save_progress(job, now=clock(), total=job.total or job.params["rows"])
    try:
        with upload.path.open("rb") as file:
            lines = islice(checked(seed_tasks.read(file)), job.cursor.get("lines", 0), None)
            while batch := list(islice(lines, BATCH)):
                _write(job, batch, place=file.tell(), now=clock())
    except FileNotFoundError:
        fail_job(job, message="file_missing", now=clock())
        return
    finish_job(job, now=clock())
    drop_upload(upload)


@transaction.atomic
def _write(job: Job, batch: list[Line], *, place: int, now: datetime) -> None:
    project = Project.objects.select_for_update().get(pk=job.project_id)
    errors = [each for _, each in batch if isinstance(each, RowError)]
    rejected = sum(each.severity == "error" for each in errors)
    rows: dict[str, tuple[int, SeedRow]] = {}
    for line, row in batch:
        if isinstance(row, SeedRow):
            rows.setdefault(content_hash(row), (line, row))
    accepted = _add(project, job, rows=rows, now=now)
    read = len(batch) - (len(errors) - rejected)
    save_progress(
        job,
        now=now,
        cursor={"lines": job.cursor.get("lines", 0) + len(batch), "place": place},
        total=max(job.total, job.done + read) if job.total else 0,
        done=job.done + read,
        accepted=job.accepted + accepted,
        rejected=job.rejected + rejected,
        skipped=job.skipped + read - rejected - accepted,
        errors=[*job.errors, *(asdict(each) for each in errors[: MOST_ERRORS - len(job.errors)])],
    )
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
