"""Exports: see what a file would hold, have it written, fetch it and its manifest."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.formats import UnknownFormat, format_named
from generation.models import Role
from generation.schemas import Listed, Paging
from review.actions.datasets import NothingApprovedError
from review.actions.exports import cancel_export, start_export
from review.downloads import data_attachment, manifest_attachment
from review.export_choice import Choice, offer
from review.models import DatasetVersion, Export
from review.schemas import ExportIn, ExportOut, OfferOut
from review.selection import Selection

router = Router(tags=["exports"])


@router.get("/projects/{slug:slug}/exports", response=Listed[ExportOut])
def list_exports(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's exports, newest first."""
    rows = Export.objects.in_project(api_seat(request, slug).project)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/exports/offer", response=OfferOut)
def offer_export(request: HttpRequest, slug: str, body: ExportIn) -> dict[str, Any]:
    """The exact counts and the first lines of a file, nothing written."""
    seat = api_seat(request, slug, Role.EDITOR)
    found = offer(seat.project, Choice(_format(body), _selection(body), asked=True))
    return {
        "format": body.format,
        "approved": found.figures.approved,
        "made_without_model": found.figures.made_without_model,
        "rows": found.rows,
        "text": found.text,
        "cut": found.cut,
    }


@router.post("/projects/{slug:slug}/exports", response={202: ExportOut})
def make_export(request: HttpRequest, slug: str, body: ExportIn) -> Status[Export]:
    """Freezes the selection (or takes the version that you name) and writes it as a job. Approved rows only."""
    seat = api_seat(request, slug, Role.EDITOR)
    version = None
    if body.version is not None:
        versions = DatasetVersion.objects.in_project(seat.project).complete()
        version = get_object_or_404(versions, number=body.version)
    try:
        made = start_export(
            seat.project,
            format_name=_format(body).name,
            layout=body.layout,
            selection=_selection(body),
            by=seat.person,
            now=timezone.now(),
            version=version,
        )
    except NothingApprovedError:
        raise RefusedError(422, "nothing_approved", "No approved row meets this selection.", path="body") from None
    return Status(202, made)


@router.get("/projects/{slug:slug}/exports/{int:export_id}", response=ExportOut)
def get_export(request: HttpRequest, slug: str, export_id: int) -> Export:
    """One export with its job."""
    return _export(api_seat(request, slug), export_id)


@router.post("/projects/{slug:slug}/exports/{int:export_id}/cancel", response=ExportOut)
def stop_export(request: HttpRequest, slug: str, export_id: int) -> Export:
    """Stops an export that is not over. 409 when it is."""
    seat = api_seat(request, slug, Role.EDITOR)
    cancel_export(_export(seat, export_id), now=timezone.now())
    return _export(seat, export_id)


@router.get("/projects/{slug:slug}/exports/{int:export_id}/file")
def get_export_file(request: HttpRequest, slug: str, export_id: int) -> FileResponse:
    """The file itself; 404 until it is whole."""
    return data_attachment(_export(api_seat(request, slug), export_id))


@router.get("/projects/{slug:slug}/exports/{int:export_id}/manifest")
def get_export_manifest(request: HttpRequest, slug: str, export_id: int) -> FileResponse:
    """JSON lines: one about the file, then one for each row that leads back to where it came from."""
    return manifest_attachment(_export(api_seat(request, slug), export_id))


def _export(seat: Seat, export_id: int) -> Export:
    return get_object_or_404(Export.objects.in_project(seat.project), pk=export_id)


def _selection(body: ExportIn) -> Selection:
    return Selection(body.task_type, body.language, body.run, body.without_model)


def _format(body: ExportIn) -> Any:
    try:
        return format_named(body.format)
    except UnknownFormat:
        raise RefusedError(422, "unknown_format", path="body.format") from None
