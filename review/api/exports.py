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
from generation.files.layouts import UnknownLayout
from generation.formats import UnknownFormat, format_named
from generation.models import Role
from generation.schemas import Listed, Paging
from review.actions.datasets import NothingApprovedError
from review.actions.exports import UnreachableError, cancel_export, start_export
from review.export_schemas import ExportIn, ExportOut, OfferOut
from review.exporting.choice import Choice
from review.exporting.downloads import data_attachment, manifest_attachment
from review.exporting.offer import offer
from review.exporting.options import ExportOptions, can_become
from review.models import DatasetVersion, Export
from review.reports.counts import veil_exports
from review.reports.veils import kind_of, sees_rows
from review.selection import Selection

router = Router(tags=["exports"])


@router.get("/projects/{slug:slug}/exports", response=Listed[ExportOut])
def list_exports(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's exports, newest first."""
    seat = api_seat(request, slug)
    page = page_of(Export.objects.in_project(seat.project), after=query.after, size=query.size, newest_first=True)
    veil_exports(seat, page.rows)
    return listed(page)


@router.post("/projects/{slug:slug}/exports/offer", response=OfferOut)
def offer_export(request: HttpRequest, slug: str, body: ExportIn) -> dict[str, Any]:
    """The exact counts, the first and the last row, and what the target's contract says of them; nothing written.

    `checked` of the `rows` were looked at; the job looks at every one. Texts are empty for who may not know them yet.
    """
    seat = api_seat(request, slug, Role.EDITOR)
    version = _version(seat, body)
    chosen, options = _target(body, version)
    choice = Choice(chosen, _selection(body), version, options, asked=True)
    found, sees = offer(seat.project, choice), sees_rows(seat, kind=kind_of(choice))
    contract = found.findings
    return {
        "format": chosen.name,
        "approved": found.figures.approved if found.figures else None,
        "made_without_model": found.figures.made_without_model if found.figures else None,
        "rows": found.rows,
        "lines": found.lines if found.checked_all else None,
        "text": found.text if sees else "",
        "cut": found.cut,
        "lost": found.choice.lost,
        "checked": found.checked,
        "passes": not found.blocked,
        "refused_rows": contract.bad_rows,
        "findings": [{"severity": s, "code": code, "count": n} for (s, code), n in contract.counts.items()],
        "faults": contract.first + (contract.file_faults if found.checked_all else []) if sees else [],
    }


@router.post("/projects/{slug:slug}/exports", response={202: ExportOut})
def make_export(request: HttpRequest, slug: str, body: ExportIn) -> Status[Export]:
    """Freezes the selection (or takes the version that you name) and writes it as a job. Approved rows only.

    A file that its target would refuse is not written: the job fails as `contract` with the rows listed, unless you ask
    for `leave_out` (rows) or `despite` (the file as a whole).
    """
    seat = api_seat(request, slug, Role.EDITOR)
    version = _version(seat, body)
    chosen, options = _target(body, version)
    try:
        made = start_export(
            seat.project,
            format_name=chosen.name,
            selection=_selection(body),
            by=seat.person,
            now=timezone.now(),
            version=version,
            options=options,
        )
    except NothingApprovedError:
        raise RefusedError(422, "nothing_approved", "No approved row meets this selection.", path="body") from None
    except UnknownLayout:
        raise RefusedError(422, "unknown_layout", path="body.layout") from None
    except UnreachableError:
        raise RefusedError(422, "unreachable", "These rows cannot become this format.", path="body.format") from None
    return Status(202, made)


@router.get("/projects/{slug:slug}/exports/{int:export_id}", response=ExportOut)
def get_export(request: HttpRequest, slug: str, export_id: int) -> Export:
    """One export with its job."""
    seat = api_seat(request, slug)
    found = _export(seat, export_id)
    veil_exports(seat, [found])
    return found


@router.post("/projects/{slug:slug}/exports/{int:export_id}/cancel", response=ExportOut)
def stop_export(request: HttpRequest, slug: str, export_id: int) -> Export:
    """Stops an export that is not over. 409 when it is."""
    seat = api_seat(request, slug, Role.EDITOR)
    cancel_export(_export(seat, export_id), now=timezone.now())
    return get_export(request, slug, export_id)


@router.get("/projects/{slug:slug}/exports/{int:export_id}/file")
def get_export_file(request: HttpRequest, slug: str, export_id: int) -> FileResponse:
    """The file itself; 404 until it is whole."""
    return data_attachment(_readable(api_seat(request, slug), export_id))


@router.get("/projects/{slug:slug}/exports/{int:export_id}/manifest")
def get_export_manifest(request: HttpRequest, slug: str, export_id: int) -> FileResponse:
    """JSON lines: one about the file, then one for each row that leads back to where it came from."""
    return manifest_attachment(_readable(api_seat(request, slug), export_id))


def _export(seat: Seat, export_id: int) -> Export:
    return get_object_or_404(Export.objects.in_project(seat.project), pk=export_id)


def _readable(seat: Seat, export_id: int) -> Export:
    found = _export(seat, export_id)
    if not sees_rows(seat, kind=found.version.dataset.kind):
        raise RefusedError(403, "blind", "The file tells which answers were preferred. Look at the pairs first.")
    return found


def _version(seat: Seat, body: ExportIn) -> DatasetVersion | None:
    if body.version is None:
        return None
    versions = DatasetVersion.objects.in_project(seat.project).complete().select_related("dataset")
    return get_object_or_404(versions, dataset__name=body.dataset, number=body.version)


def _selection(body: ExportIn) -> Selection:
    return Selection(body.task_type, body.language, body.run, body.without_model)


def _target(body: ExportIn, version: DatasetVersion | None) -> tuple[Any, ExportOptions]:
    try:
        chosen = format_named(body.format)
    except UnknownFormat:
        raise RefusedError(422, "unknown_format", path="body.format") from None
    if not can_become(version.dataset.kind if version else "sft", chosen):
        raise RefusedError(422, "unreachable", "These rows cannot become this format.", path="body.format")
    said = body.dict(include=set(ExportOptions.__slots__)) | {"layout": body.layout or chosen.layouts[0]}
    if said["layout"] not in chosen.layouts:
        raise RefusedError(422, "unknown_layout", path="body.layout")
    return chosen, ExportOptions(**said).sensible()
