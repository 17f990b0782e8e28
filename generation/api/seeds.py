"""Seeds: list, read, write, retire, and whole files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from fdc_project.web.paging import Page, page_of
from generation.access import Seat
from generation.actions.imports import start_import
from generation.actions.seeds import DuplicateSeedError, FaultySeedError, retire_seed, save_seed
from generation.actions.uploads import UploadTooLargeError, store_upload
from generation.api.door import RefusedError, api_seat
from generation.formats.seed_tasks import SeedRow
from generation.models import Job, Role, Seed
from generation.schemas import JobOut, Listed, SeedFilters, SeedImportIn, SeedIn, SeedOut
from generation.types import Instance

router = Router(tags=["seeds"])


@router.get("/projects/{slug:slug}/seeds", response=Listed[SeedOut])
def list_seeds(request: HttpRequest, slug: str, query: Query[SeedFilters]) -> dict[str, Any]:
    """The project's active seeds, oldest first."""
    rows = Seed.objects.in_project(api_seat(request, slug).project).matching(query.q)
    rows = rows.filter(task_type=query.task_type) if query.task_type else rows
    rows = rows.filter(language=query.language) if query.language else rows
    rows = rows.filter(source=query.source) if query.source else rows
    rows = rows.tagged(query.tag) if query.tag else rows
    return listed(page_of(rows, after=query.after, size=query.size))


@router.post("/projects/{slug:slug}/seeds", response={201: SeedOut})
def make_seed(request: HttpRequest, slug: str, body: SeedIn) -> Status[Seed]:
    """A new seed. 409 when the project has one of exactly this content."""
    return Status(201, _saved(api_seat(request, slug, Role.EDITOR), body))


@router.post("/projects/{slug:slug}/seeds/import", response={202: JobOut})
def import_seeds(request: HttpRequest, slug: str, file: File[UploadedFile], about: Form[SeedImportIn]) -> Status[Job]:
    """Reads a JSON, JSONL, CSV or TSV file in as a job; ask for the job to see how far it is."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        upload = store_upload(seat.project, name=file.name or "upload", chunks=file.chunks())
    except UploadTooLargeError:
        raise RefusedError(413, "upload_too_large") from None
    job = start_import(
        seat.project,
        upload=upload,
        by=seat.person,
        now=timezone.now(),
        task_type=about.task_type,
        language=about.language,
        tags=tuple(about.tags),
        source=about.source,
    )
    return Status(202, job)


@router.get("/projects/{slug:slug}/seeds/{int:seed_id}", response=SeedOut)
def get_seed(request: HttpRequest, slug: str, seed_id: int) -> Seed:
    """One seed."""
    return _seed(api_seat(request, slug), seed_id)


@router.put("/projects/{slug:slug}/seeds/{int:seed_id}", response=SeedOut)
def change_seed(request: HttpRequest, slug: str, seed_id: int, body: SeedIn) -> Seed:
    """Gives a seed new content. What was made from the old content keeps its lineage."""
    seat = api_seat(request, slug, Role.EDITOR)
    return _saved(seat, body, seed=_seed(seat, seed_id))


@router.delete("/projects/{slug:slug}/seeds/{int:seed_id}", response={204: None})
def delete_seed(request: HttpRequest, slug: str, seed_id: int) -> Status[None]:
    """Retires a seed: it leaves lists and future runs."""
    seat = api_seat(request, slug, Role.EDITOR)
    retire_seed(_seed(seat, seed_id), now=timezone.now())
    return Status(204, None)


def listed(page: Page[Any]) -> dict[str, Any]:
    """A page as the API gives it."""
    return {"items": page.rows, "after": page.after}


def _seed(seat: Seat, seed_id: int) -> Seed:
    return get_object_or_404(Seed.objects.in_project(seat.project), pk=seed_id)


def _saved(seat: Seat, body: SeedIn, *, seed: Seed | None = None) -> Seed:
    row = SeedRow(
        instruction=body.instruction,
        instances=tuple(Instance(each.input, each.output) for each in body.instances),
        is_classification=body.is_classification,
        task_type=body.task_type,
        language=body.language,
        tags=tuple(body.tags),
        fields=body.fields,
    )
    try:
        return save_seed(seat.project, row=row, now=timezone.now(), seed=seed, source="api")
    except FaultySeedError as refused:
        error = refused.error
        raise RefusedError(422, error.code, error.message, path=f"body.{error.path}".rstrip(".")) from None
    except DuplicateSeedError as refused:
        raise RefusedError(409, "duplicate", "A seed of exactly this content is there.", seed=refused.seed.pk) from None
