"""Imports of training data: start one, list them, ask how far one is and what it refused."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.actions.row_imports import KIND, Choices, start_row_import
from generation.actions.row_reading import Reading
from generation.actions.row_values import Said
from generation.actions.uploads import Upload, UploadTooLargeError, drop_upload, store_upload
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.files import strict_json
from generation.files.strict_json import Fault
from generation.formats import UnknownFormat, format_named
from generation.formats.detecting import Guess, detect
from generation.models import Job, JobFault, Role
from generation.schemas import JobFaultOut, JobOut, Listed, Paging, RowImportIn

router = Router(tags=["imports"])


@router.get("/projects/{slug:slug}/imports", response=Listed[JobOut])
def list_imports(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's imports of training data, newest first."""
    rows = Job.objects.in_project(api_seat(request, slug).project).filter(kind=KIND)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/imports", response={202: JobOut})
def import_rows(request: HttpRequest, slug: str, file: File[UploadedFile], about: Form[RowImportIn]) -> Status[Job]:
    """Reads a file of training data in as a job. 422 with the candidates when its format is not clear."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        upload = store_upload(seat.project, name=file.name or "upload", chunks=file.chunks())
    except UploadTooLargeError:
        raise RefusedError(413, "upload_too_large") from None
    try:
        choices = _choices(upload, about)
    except RefusedError:
        drop_upload(upload)
        raise
    job = start_row_import(seat.project, upload=upload, choices=choices, by=seat.person, now=timezone.now())
    return Status(202, job)


@router.get("/projects/{slug:slug}/imports/{int:import_id}", response=JobOut)
def get_import(request: HttpRequest, slug: str, import_id: int) -> Job:
    """One import with its counts and first faults."""
    return _import(api_seat(request, slug), import_id)


@router.get("/projects/{slug:slug}/imports/{int:import_id}/faults", response=Listed[JobFaultOut])
def list_import_faults(request: HttpRequest, slug: str, import_id: int, query: Query[Paging]) -> dict[str, Any]:
    """Every fault of an import, in the order of the file."""
    rows = JobFault.objects.filter(job=_import(api_seat(request, slug), import_id))
    return listed(page_of(rows, after=query.after, size=query.size))


def _import(seat: Seat, import_id: int) -> Job:
    return get_object_or_404(Job.objects.in_project(seat.project), kind=KIND, pk=import_id)


def _choices(upload: Upload, about: RowImportIn) -> Choices:
    guess = _guess(upload, about)
    reading = Reading(guess.format, dict(guess.fields), about.lenient, about.spreadsheet_safe)
    said = Said(about.task_type, about.language, tuple(about.tags))
    return Choices(reading, said, about.as_answers, about.approved, about.source)


def _guess(upload: Upload, about: RowImportIn) -> Guess:
    """The format and map that were asked for; what was not said is found out."""
    fields = _fields(about.fields) if about.fields else None
    if about.format:
        try:
            format_named(about.format)
        except UnknownFormat:
            raise RefusedError(422, "unknown_format", path="body.format") from None
        if fields is not None:
            return Guess(about.format, 100, fields)
    with upload.path.open("rb") as file:
        detected = detect(file, lenient=about.lenient)
    named = [each for each in detected.candidates if each.format == about.format]
    if about.format:
        return named[0] if named else Guess(about.format, 100)
    if detected.clear is None:
        likely = [each.format for each in detected.candidates[:10]]
        raise RefusedError(422, "format_unclear", path="body.format", candidates=likely)
    return detected.clear if fields is None else Guess(detected.clear.format, 100, fields)


def _fields(text: str) -> dict[str, str]:
    try:
        fields = strict_json.loads(text.encode("utf-8", "surrogatepass"))
    except Fault as fault:
        raise RefusedError(422, fault.code, path="body.fields") from None
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        raise RefusedError(422, "not_a_map_of_texts", path="body.fields")
    return fields
