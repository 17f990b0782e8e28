"""Files of evaluation texts, of any kind that is read: a small one at once, a large one by a job with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from django.db import transaction

from generation import dispatch
from generation.access import Seat
from generation.actions.evaluation_sets import (
    LONGEST_ITEM,
    EvaluationSetError,
    add_items,
    begin_set,
    check_may_edit,
    note_added,
)
from generation.actions.jobs import fail_job, save_progress, work_on
from generation.actions.reading import Batch, Line, progress, read_in
from generation.actions.row_reading import Reading, rows_in
from generation.actions.uploads import Upload, UploadTooLargeError, confirm_upload, drop_upload, store_upload
from generation.files.strict_json import Fault
from generation.files.text import check_text, record_excerpt
from generation.formats import format_named
from generation.formats.base import RecordFormat
from generation.formats.detecting import detect, read_records
from generation.models import EvaluationSet, Job, JobFault
from generation.quality.rows import draft_of
from generation.types import RowError

KIND = "generation.read_evaluation_file"
SMALL = 2 * 1024 * 1024
"""Bytes of a file that is read while its sender waits."""
CUT_OFF = ("too_large", "bad_gzip", "child_died", "took_too_long")
"""Faults after which the rest of a file is not read: part of a set lets through what the rest would have caught."""
COLUMNS = "columns"
"""The format of a file whose rows are of none of ours: all texts of a row are the item."""
_BATCH, _LOOKED_AT = 1000, 2000

Clock = Callable[[], datetime]


def add_evaluation_file(
    seat: Seat, *, name: str, source: str, chunks: Iterable[bytes], clock: Clock, owner: str
) -> EvaluationSet:
    """One set out of a file; of each row what is asked and what is answered. Editors and owners only.

    A small file is read before this returns, a large one by its job. Rows that cannot be read are the job's faults, as
    long as one can. `EvaluationSetError` "name_missing", "name_taken", "too_many_items", "no_items", "file_too_large",
    or what is wrong with the file; nothing of it is kept then.
    """
    check_may_edit(seat)
    try:
        upload = store_upload(seat.project, name=source, chunks=chunks)
    except UploadTooLargeError:
        raise EvaluationSetError("file_too_large") from None
    try:
        with upload.path.open("rb") as file:
            reading, total = look_at(file)
        params = {
            "token": upload.token, "name": upload.name, "size": upload.size, "rows": total,
            "format": reading.format, "fields": dict(reading.fields),
        }  # fmt: skip
        made = begin_set(
            seat, name=name, kind=KIND, params=params, now=clock(), source=source, format_name=reading.format
        )
    except Exception:
        drop_upload(upload)
        raise
    confirm_upload(upload)
    assert made.job is not None
    if upload.size > SMALL:
        dispatch.ring(KIND, made.job.pk)
        return made
    read_evaluation_file(made.job.pk, owner=owner, clock=clock)
    return _read_at_once(made, upload)


def read_evaluation_file(job_id: int, *, owner: str, clock: Clock) -> None:
    """Works on a set until its file is read. A file that breaks off, or is too much, fails the job; no item is left."""
    work_on(job_id, owner=owner, clock=clock, work=partial(_read, clock=clock))


def _read_at_once(made: EvaluationSet, upload: Upload) -> EvaluationSet:
    """The set as it is now; a small file that gave none leaves nothing."""
    made = EvaluationSet.objects.select_related("job").get(pk=made.pk)
    job = made.job
    assert job is not None
    failed = job.state == Job.State.FAILED
    if not failed and (made.size or not job.over):
        return made
    code, line = (job.message, int(job.cursor.get("fault_line", 0))) if failed else ("no_items", 0)
    made.delete()
    job.delete()
    drop_upload(upload)
    raise EvaluationSetError(code, line=line)


def _read(job: Job, *, clock: Clock) -> None:
    made = EvaluationSet.objects.select_related("project", "made_by").get(job=job)
    reading = Reading(job.params["format"], job.params["fields"])
    try:
        read_in(
            job, lines=lambda file: texts_in(file, reading=reading), size=lambda: _BATCH,
            write=lambda batch: _write(job, made, batch, now=clock()), clock=clock,
        )  # fmt: skip
    except EvaluationSetError as error:
        with transaction.atomic():
            save_progress(job, now=clock(), cursor=job.cursor | {"fault_line": error.line})
            made.items.all().delete()
            EvaluationSet.objects.filter(pk=made.pk).update(size=0)
            fail_job(job, message=error.code, now=clock())
        return
    job.refresh_from_db(fields=["state"])
    if job.state == Job.State.DONE:
        note_added(made, now=clock())


@transaction.atomic
def _write(job: Job, made: EvaluationSet, batch: Batch, *, now: datetime) -> None:
    texts = [(row, None) for _line, row in batch.lines if isinstance(row, str) and row.strip()]
    save_progress(job, now=now, **progress(job, batch=batch, accepted=len(texts)))
    add_items(made, texts=texts)
    JobFault.objects.bulk_create(
        (
            JobFault(
                job=job, line=each.line, severity=each.severity, code=each.code[:60], path=each.path[:200],
                message=each.message[:500], excerpt=each.excerpt,
            )
            for each in batch.errors
        ),
        batch_size=500,
    )  # fmt: skip


def look_at(file: BinaryIO) -> tuple[Reading, int]:
    """How the file is read: as the format that its first rows are of, by its columns where that gives no text; and its
    number of rows where the look saw them all."""
    found = detect(file)
    if found.layout in ("empty", "unknown"):
        fault = next((each for _line, each in found.records if isinstance(each, RowError)), None)
        raise EvaluationSetError(fault.code if fault else "no_items", line=fault.line if fault else 0)
    chosen = found.clear or (found.candidates[0] if found.candidates else None)
    start = file.tell()
    for reading in ([Reading(chosen.format, dict(chosen.fields))] if chosen else []) + [Reading(COLUMNS)]:
        file.seek(start)
        lines = list(islice(texts_in(file, reading=reading), _LOOKED_AT))
        if any(isinstance(each, str) and each.strip() for _line, each in lines):
            return reading, len(lines) if len(lines) < _LOOKED_AT else 0
    raise EvaluationSetError("no_items")


def texts_in(file: BinaryIO, *, reading: Reading) -> Iterator[Line]:
    """The text of each row, empty where it says nothing, or the fault in its place. A row that its format refuses for
    what a trainer would need (a question without an answer) still is a text. `EvaluationSetError` where the rest cannot
    be read."""
    for line, text in _lines(file, reading):
        if isinstance(text, RowError):
            if text.code in CUT_OFF:
                raise EvaluationSetError(text.code, line=text.line)
            yield line, text
        else:
            fault = check_text(text[:LONGEST_ITEM])
            yield line, RowError(line, fault) if fault else text[:LONGEST_ITEM]


def _lines(file: BinaryIO, reading: Reading) -> Iterator[tuple[int, str | RowError]]:
    chosen = None if reading.format == COLUMNS else format_named(reading.format)
    if chosen is not None and not isinstance(chosen, RecordFormat):
        for line, row in rows_in(file, reading=reading):
            yield line, row if isinstance(row, RowError) else _asked_and_answered(row)
        return
    for line, record in read_records(file, fields=reading.fields or None):
        yield line, record if isinstance(record, RowError) else _text_of(line, record, chosen)


def _text_of(line: int, record: Any, chosen: RecordFormat | None) -> str | RowError:
    fault = None
    if chosen is not None:
        try:
            if text := _asked_and_answered(chosen.to_row(record)):
                return text
        except Fault as found:
            fault = RowError(line, found.code, found.path, found.message, record_excerpt(record))
    text = _joined(record) if isinstance(record, dict) else ""
    return text if text or fault is None else fault


def _asked_and_answered(row: Any) -> str:
    draft = draft_of(row)
    return "\n".join(filter(None, (draft.instruction, draft.input, draft.output)))


def _joined(record: Mapping[str, Any]) -> str:
    return "\n".join(value for value in record.values() if isinstance(value, str) and value.strip())
