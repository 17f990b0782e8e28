"""Documents: list, upload, read, take away, and what was made from where."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.actions.document_texts import page_at
from generation.actions.documents import (
    AT_ONCE,
    Added,
    DocumentInUseError,
    DocumentRefusedError,
    add_document,
    add_text,
    remove_document,
    start_reading,
)
from generation.actions.uploads import store_upload
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.document_words import DOCUMENT_FAULTS
from generation.documents.reading import LARGEST
from generation.models import Document, Grounding, Role
from generation.schemas import Listed, Paging
from generation.schemas.documents import (
    DocumentAddedOut,
    DocumentFilters,
    DocumentOut,
    DocumentTextIn,
    DocumentWholeOut,
    GroundOut,
)
from generation.words import word

router = Router(tags=["documents"])


@router.get("/projects/{slug:slug}/documents", response=Listed[DocumentOut])
def list_documents(request: HttpRequest, slug: str, query: Query[DocumentFilters]) -> dict[str, Any]:
    """The project's documents, oldest first."""
    rows = Document.objects.in_project(api_seat(request, slug).project).listed().matching(query.q)
    rows = rows.filter(language=query.language) if query.language else rows
    return listed(page_of(rows, after=query.after, size=query.size))


@router.post(
    "/projects/{slug:slug}/documents", response={200: DocumentAddedOut, 201: DocumentAddedOut, 202: DocumentAddedOut}
)
def upload_document(request: HttpRequest, slug: str, file: File[UploadedFile]) -> Status[dict[str, Any]]:
    """Reads a PDF, Word, HTML, Markdown or text file in: 201 for a new document, 200 for one that is there, 202 with a
    job for a large file."""
    seat = api_seat(request, slug, Role.EDITOR)
    if (file.size or 0) > LARGEST:
        raise RefusedError(413, "upload_too_large")
    now = timezone.now()
    if (file.size or 0) > AT_ONCE:
        upload = store_upload(seat.project, name=file.name or "", chunks=file.chunks())
        job = start_reading(seat.project, upload=upload, by=seat.person, now=now)
        return Status(202, {"job": job.pk})
    try:
        return _told(add_document(seat.project, name=file.name or "", file=cast(BinaryIO, file), now=now))
    except DocumentRefusedError as refused:
        raise _refusal(refused, "body.file") from None


@router.post("/projects/{slug:slug}/documents/text", response={200: DocumentAddedOut, 201: DocumentAddedOut})
def add_document_text(request: HttpRequest, slug: str, body: DocumentTextIn) -> Status[dict[str, Any]]:
    """A document of a text."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        return _told(add_text(seat.project, name=body.name, text=body.text, now=timezone.now()))
    except DocumentRefusedError as refused:
        raise _refusal(refused, "body.text") from None


@router.get("/projects/{slug:slug}/documents/{int:document_id}", response=DocumentWholeOut)
def get_document(request: HttpRequest, slug: str, document_id: int) -> Document:
    """One document with its text."""
    return _document(api_seat(request, slug), document_id)


@router.get("/projects/{slug:slug}/documents/{int:document_id}/grounds", response=Listed[GroundOut])
def list_grounds(request: HttpRequest, slug: str, document_id: int, query: Query[Paging]) -> dict[str, Any]:
    """What was made from the document and from where, in the order in which it was made."""
    document = _document(api_seat(request, slug), document_id)
    page = page_of(Grounding.objects.filter(document=document), after=query.after, size=query.size)
    items = [
        {
            "id": each.pk, "sample": each.sample_id, "index": each.index, "start": each.start, "end": each.end,
            "page": page_at(document, offset=each.start), "text": document.text[each.start : each.end],
        }
        for each in page.rows
    ]  # fmt: skip
    return {"items": items, "after": page.after}


@router.delete("/projects/{slug:slug}/documents/{int:document_id}", response={204: None})
def delete_document(request: HttpRequest, slug: str, document_id: int) -> Status[None]:
    """Takes a document away: it leaves lists and future runs. Its text stays while samples point into it; 409 while a
    run that is not over draws from it."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        remove_document(_document(seat, document_id), by=seat.person, now=timezone.now())
    except DocumentInUseError:
        raise RefusedError(409, "document_in_use", "A run that is not over draws from this document.") from None
    return Status(204, None)


def _document(seat: Seat, document_id: int) -> Document:
    rows = Document.objects.filter(project=seat.project).defer("content")
    return get_object_or_404(rows, pk=document_id)


def _told(added: Added) -> Status[dict[str, Any]]:
    return Status(201 if added.new else 200, {"document": added.document, "new": added.new})


def _refusal(refused: DocumentRefusedError, path: str) -> RefusedError:
    return RefusedError(422, refused.code, str(word(DOCUMENT_FAULTS, refused.code)), path=path)
