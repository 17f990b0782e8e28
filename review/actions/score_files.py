"""Scores of samples that were measured elsewhere, read in from a file: one file, one aspect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from generation.access import Seat
from generation.actions.audit import audit
from generation.actions.jobs import cancel_job, save_progress, start_job
from generation.actions.reading import Batch, Line, progress, read_in
from generation.actions.uploads import Upload, confirm_upload, sweep_uploads
from generation.files.strict_json import Fault
from generation.files.text import record_excerpt
from generation.formats.detecting import read_records
from generation.models import Job, Sample
from generation.quality.selection.score_rows import ScoredRow, ScoreKind, kind_named, scored_row
from generation.types import RowError
from review.policies import check_can_measure

KIND = "review.read_scores"
_BATCH = 500

Clock = Callable[[], datetime]


def start_scores(seat: Seat, *, upload: Upload, aspect: str, now: datetime) -> Job:
    """A job that reads the upload's scores in under this aspect. Editors and owners only. `UnusableAspect`."""
    check_can_measure(seat)
    kind_named(aspect)
    params = {"token": upload.token, "name": upload.name, "size": upload.size, "rows": 0, "aspect": aspect}
    with transaction.atomic():
        confirm_upload(upload)
        job = start_job(seat.project, kind=KIND, params=params, by=seat.person, now=now)
        audit("scores.read", by=seat.person, now=now, project=seat.project, subject=aspect, file=upload.name)
    return job


def cancel_scores(seat: Seat, *, job: Job, now: datetime) -> None:
    """Stops the reading; what was written stays. Editors and owners only. `TransitionError` when it is over."""
    check_can_measure(seat)
    cancel_job(job, now=now)


def read_scores(job: Job, *, clock: Clock) -> None:
    """Reads the job's file and ends the job. Another worker goes on behind the last batch that was written."""
    kind = kind_named(job.params["aspect"])

    def take(batch: Batch) -> None:
        with transaction.atomic():
            lines = _written(job, kind, batch.lines)
            accepted = sum(not isinstance(each, RowError) for _, each in lines)
            save_progress(job, now=clock(), **progress(job, batch=Batch(lines, batch.place), accepted=accepted))

    read_in(job, lines=read_records, size=lambda: _BATCH, write=take, clock=clock)
    sweep_uploads(now=clock())


def _written(job: Job, kind: ScoreKind, lines: Sequence[Line]) -> list[Line]:
    """Writes the scores of these lines; the lines with a fault in the place of each that gave none."""
    parsed = [(line, record, _parsed(line, record, kind)) for line, record in lines]
    wanted = [each for _, _, each in parsed if isinstance(each, ScoredRow)]
    by_id, by_hash = _samples(job, wanted)
    found: list[Line] = []
    for line, record, each in parsed:
        told: Any = each
        if isinstance(each, ScoredRow):
            samples = [by_id[each.row]] if each.row in by_id else [] if each.row else by_hash.get(each.content_hash, [])
            if code := _refused(samples, each, job):
                told = RowError(line, code, "", "", record_excerpt(record))
            else:
                _score(samples, each, kind, job)
        found.append((line, told))
    Sample.objects.bulk_update(by_id.values(), ["scores"], batch_size=100)
    return found


def _parsed(line: int, record: Any, kind: ScoreKind) -> ScoredRow | RowError:
    if isinstance(record, RowError):
        return record
    try:
        return scored_row(record, kind=kind)
    except Fault as fault:
        return RowError(line, fault.code, fault.path, fault.message, record_excerpt(record))


def _samples(job: Job, wanted: Sequence[ScoredRow]) -> tuple[dict[int, Sample], dict[str, list[Sample]]]:
    """The project's samples that are meant, by number and by hash, locked in the order of their numbers."""
    mine = Sample.objects.filter(project_id=job.project_id)
    ids = {each.row for each in wanted if each.row}
    hashes = {each.content_hash for each in wanted if not each.row}
    ids |= set(mine.filter(content_hash__in=hashes).values_list("pk", flat=True)) if hashes else set()
    rows = mine.select_for_update().filter(pk__in=ids).only("pk", "revision", "content_hash", "scores").order_by("pk")
    by_id = {row.pk: row for row in rows}
    by_hash: defaultdict[str, list[Sample]] = defaultdict(list)
    for row in by_id.values():
        by_hash[row.content_hash].append(row)
    return by_id, by_hash


def _refused(samples: Sequence[Sample], said: ScoredRow, job: Job) -> str:
    """Why these rows take no such score: there are none, they read otherwise by now, or the file scored them before."""
    if not samples:
        return "unknown_row"
    first = samples[0]
    if said.row and said.content_hash and said.content_hash != first.content_hash:
        return "changed_since"
    if said.revision and len(samples) == 1 and said.revision != first.revision:
        return "changed_since"
    aspect = job.params["aspect"]
    return "row_twice" if any(row.scores.get(aspect, {}).get("job") == job.pk for row in samples) else ""


def _score(samples: Sequence[Sample], said: ScoredRow, kind: ScoreKind, job: Job) -> None:
    for row in samples:
        row.scores[kind.aspect] = {
            "value": said.score, "low": kind.low, "high": kind.high, "revision": row.revision, "run": None,
            "job": job.pk,
        }  # fmt: skip
