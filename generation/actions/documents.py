"""Documents: read from files or pasted, kept once for each content, and taken away without tearing any lineage."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from generation.actions.audit import audit
from generation.actions.jobs import fail_job, finish_job, save_progress, start_job, work_on
from generation.actions.uploads import Upload, confirm_upload, drop_upload, sweep_uploads
from generation.documents.kinds import MEDIA_TYPES
from generation.documents.parsed import Parsed
from generation.documents.reading import read_document, read_text
from generation.files.strict_json import Fault
from generation.files.text import check_file_text
from generation.models import Document, Grounding, Job, Person, Project, Run

KIND = "generation.read_document"
AT_ONCE = 512 * 1024
"""Files up to this size are read while the person waits; larger ones by a job."""
MOST_AT_ONCE = 20
LONGEST_NAME = 200
_OPEN = (Run.State.CREATED, Run.State.RUNNING, Run.State.PAUSED, Run.State.STOPPING)


class DocumentRefusedError(ValueError):
    """A file that gives no document. `code` is the fault's, `detail` what more is known; nothing of it was kept."""

    def __init__(self, code: str, *, name: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.name, self.detail = code, name, detail


class DocumentInUseError(Exception):
    """A run that is not over draws from the document."""


@dataclass(frozen=True, slots=True)
class Added:
    """A document and whether it is new: the same bytes again give the document that is there."""

    document: Document
    new: bool


def add_document(project: Project, *, name: str, file: BinaryIO, now: datetime) -> Added:
    """Reads one file in; `DocumentRefusedError` when it cannot be read. A file that was taken away comes back."""
    data = file.read()
    known = _known(project, data)
    if known is not None:
        return Added(known, False)
    try:
        parsed = read_document(name, io.BytesIO(data))
    except Fault as fault:
        raise DocumentRefusedError(fault.code, name=name, detail=fault.message) from None
    return _keep(project, name=name, data=data, parsed=parsed, now=now)


def add_text(project: Project, *, name: str, text: str, now: datetime) -> Added:
    """A document of a text that somebody pasted; `DocumentRefusedError("no_text")` for a blank one."""
    data = text.encode("utf-8", "replace")
    known = _known(project, data)
    if known is not None:
        return Added(known, False)
    parsed = read_text(text)
    if not parsed.text.strip():
        raise DocumentRefusedError("no_text", name=name)
    return _keep(project, name=name or _first_line(parsed.text), data=data, parsed=parsed, now=now)


def start_reading(project: Project, *, upload: Upload, by: Person | None, now: datetime) -> Job:
    """A job that reads one uploaded file in."""
    confirm_upload(upload)
    params = {"token": upload.token, "name": upload.name, "size": upload.size}
    return start_job(project, kind=KIND, params=params, by=by, now=now)


def run_reading(job_id: int, *, owner: str, clock: Callable[[], datetime]) -> None:
    """Reads the job's file. A file that cannot be read ends the job as done, with its fault."""
    work_on(job_id, owner=owner, clock=clock, work=lambda job: _read_in(job, clock=clock))
    sweep_uploads(now=clock())


def _read_in(job: Job, *, clock: Callable[[], datetime]) -> None:
    upload = Upload(job.params["token"], job.params["name"], job.params["size"])
    if not upload.path.exists():
        fail_job(job, message="file_missing", now=clock())
        return
    save_progress(job, now=clock(), total=1)
    try:
        with upload.path.open("rb") as file:
            added = add_document(job.project, name=upload.name, file=file, now=clock())
    except DocumentRefusedError as refused:
        told = {"line": 1, "code": refused.code, "path": refused.name, "excerpt": refused.detail}
        save_progress(job, now=clock(), done=1, rejected=1, errors=[told])
    else:
        counts = {"accepted": int(added.new), "skipped": int(not added.new)}
        save_progress(job, now=clock(), done=1, cursor={"document": added.document.pk}, **counts)
    finish_job(job, now=clock())
    drop_upload(upload)


def remove_document(document: Document, *, by: Person | None, now: datetime) -> bool:
    """Takes a document away: True when it is gone altogether, False when it stays behind what was made from it.

    `DocumentInUseError` while a run that is not over draws from it.
    """
    with transaction.atomic():
        row = Document.objects.listed().select_for_update(of=("self",)).get(pk=document.pk)
        if any(run.state in _OPEN for run in runs_using(row)):
            raise DocumentInUseError
        gone = not Grounding.objects.filter(document=row).exists()
        audit(
            "document.removed",
            by=by,
            now=now,
            project=row.project,
            subject=row.name,
            sha256=row.content_hash,
            gone=gone,
        )
        if gone:
            row.delete()
        else:
            Document.objects.filter(pk=row.pk).update(retired_at=now)
    return gone


def runs_using(document: Document) -> list[Run]:
    """The runs that pinned the document, newest first."""
    rows = Run.objects.filter(project_id=document.project_id).order_by("-id")
    wanted = [pk for pk, pinned in rows.values_list("pk", "pinned__documents") if pinned and document.pk in pinned]
    return list(Run.objects.filter(pk__in=wanted).defer("pinned", "seed_ids").order_by("-id"))


def _known(project: Project, data: bytes) -> Document | None:
    """The document of exactly these bytes, brought back where it was retired."""
    rows = Document.objects.listed().filter(project=project, content_hash=_hash(data))
    found = rows.first()
    if found is not None and found.retired_at is not None:
        rows.update(retired_at=None)
        found.retired_at = None
    return found


def _keep(project: Project, *, name: str, data: bytes, parsed: Parsed, now: datetime) -> Added:
    document, new = Document.objects.get_or_create(
        project=project,
        content_hash=_hash(data),
        defaults={
            "name": _plain_name(name),
            "media_type": MEDIA_TYPES[parsed.kind],
            "content": data,
            "size": len(data),
            "text": parsed.text,
            "characters": len(parsed.text),
            "language": parsed.language,
            "headings": [list(each) for each in parsed.headings],
            "meta": dict(parsed.meta),
            "created_at": now,
        },
    )
    return Added(document, new)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0][:80]


def _plain_name(name: str) -> str:
    """The file's own name without folders, with a stand-in for signs that no name should have."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in last)
    return shown[:LONGEST_NAME] if shown and check_file_text(shown) is None else "document"
