"""Datasets: look at what a recipe would give, freeze it, read the rows of a version, compare two versions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.actions.evaluation_sets import EvaluationSetError
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.models import Role
from generation.schemas import Listed, Paging
from generation.schemas.evaluation_sets import EvaluationSetOut, evaluation_set_out
from review.actions.datasets import NothingApprovedError, WrongKindError
from review.actions.freezing import cancel_freeze, set_note, start_freeze
from review.actions.held_out_splits import keep_split
from review.dataset_schemas import (
    CompareQuery,
    ComparisonOut,
    DatasetOut,
    HeldOutIn,
    NoteIn,
    OutlookOut,
    RecipeIn,
    RowsOut,
    RowsQuery,
    VersionIn,
    VersionOut,
)
from review.models import Dataset, DatasetVersion
from review.reports.counts import figures_for
from review.reports.datasets import outlook
from review.reports.versions import compare, rows_page, two_of, versions_of

router = Router(tags=["datasets"])
_ONE = "/projects/{slug:slug}/datasets/{int:dataset_id}"


@router.get("/projects/{slug:slug}/datasets", response=Listed[DatasetOut])
def list_datasets(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's datasets, newest first."""
    rows = Dataset.objects.filter(project=api_seat(request, slug).project)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/datasets/outlook", response=OutlookOut)
def look_ahead(request: HttpRequest, slug: str, body: RecipeIn) -> dict[str, Any]:
    """What a recipe would give now: rows by source and split, and remarks of readiness. Nothing is written.

    409 "blind" for filters by scores, runs or sources of rows that people compare, until you had the pairs shown.
    """
    found = outlook(api_seat(request, slug, Role.EDITOR), body.recipe())
    if found.blind:
        raise RefusedError(409, "blind", "Have the pairs shown first, on their page; it is written down.", path="body")
    return {
        "rows": found.rows,
        "exact": found.exact,
        "splits": found.splits,
        "sources": [{"name": each.name} | dict(each.manifest) for each in found.sources],
        "remarks": [{"code": remark.code, "level": remark.level} for remark in found.remarks],
    }


@router.post("/projects/{slug:slug}/datasets/versions", response={202: VersionOut})
def freeze_recipe(request: HttpRequest, slug: str, body: VersionIn) -> Status[DatasetVersion]:
    """Freezes the next version of the dataset of that name, which is made when there is none, as a job."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        made = start_freeze(
            seat.project, recipe=body.recipe(), by=seat.person, now=timezone.now(), name=body.name, note=body.note
        )
    except NothingApprovedError:
        raise RefusedError(422, "nothing_approved", "No row meets this selection.", path="body") from None
    except WrongKindError:
        raise RefusedError(422, "wrong_kind", "The dataset holds rows of another kind.", path="body.name") from None
    return Status(202, made)


@router.get(_ONE, response=DatasetOut)
def get_dataset(request: HttpRequest, slug: str, dataset_id: int) -> Dataset:
    """One dataset."""
    return get_object_or_404(Dataset, project=api_seat(request, slug).project, pk=dataset_id)


@router.get(_ONE + "/versions", response=Listed[VersionOut])
def list_versions(request: HttpRequest, slug: str, dataset_id: int, query: Query[Paging]) -> dict[str, Any]:
    """The versions of a dataset, newest first, those still being frozen included."""
    seat = api_seat(request, slug)
    get_object_or_404(Dataset, project=seat.project, pk=dataset_id)
    page = page_of(versions_of(seat.project, dataset_id), after=query.after, size=query.size, newest_first=True)
    for row in page.rows:
        row.figures = dict(figures_for(seat, row))
    return listed(page)


@router.get(_ONE + "/versions/{int:number}", response=VersionOut)
def get_version(request: HttpRequest, slug: str, dataset_id: int, number: int) -> DatasetVersion:
    """One version: its recipe, its figures and the job that freezes it."""
    seat = api_seat(request, slug)
    found = _version(seat, dataset_id, number)
    found.figures = dict(figures_for(seat, found))
    return found


@router.patch(_ONE + "/versions/{int:number}", response=VersionOut)
def note_version(request: HttpRequest, slug: str, dataset_id: int, number: int, body: NoteIn) -> DatasetVersion:
    """Changes the note, the one thing about a frozen version that may change."""
    seat = api_seat(request, slug, Role.EDITOR)
    found = _version(seat, dataset_id, number)
    set_note(found, note=body.note, by=seat.person, now=timezone.now())
    found.figures = dict(figures_for(seat, found))
    return found


@router.post(_ONE + "/versions/{int:number}/cancel", response=VersionOut)
def stop_freeze(request: HttpRequest, slug: str, dataset_id: int, number: int) -> DatasetVersion:
    """Stops a freeze that is not over. 409 when it is."""
    seat = api_seat(request, slug, Role.EDITOR)
    cancel_freeze(_version(seat, dataset_id, number), now=timezone.now())
    return get_version(request, slug, dataset_id, number)


@router.post(_ONE + "/versions/{int:number}/held-out", response={202: EvaluationSetOut})
def keep_held_out(
    request: HttpRequest, slug: str, dataset_id: int, number: int, body: HeldOutIn
) -> Status[dict[str, Any]]:  # fmt: skip
    """Makes an evaluation set out of a version's validation or test split; a job copies the texts. The same set when it
    is asked for again. 409 when another set has its name, 422 when the split has no rows or more than 100,000."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        made = keep_split(seat, version=_sealed(seat, dataset_id, number), split=body.split, now=timezone.now())
    except EvaluationSetError as error:
        raise RefusedError(409 if error.code == "name_taken" else 422, error.code, path="body.split") from None
    return Status(202, evaluation_set_out(made))


@router.get(_ONE + "/versions/{int:number}/rows", response=RowsOut)
def list_rows(request: HttpRequest, slug: str, dataset_id: int, number: int, query: Query[RowsQuery]) -> dict[str, Any]:
    """The rows of a frozen version by position. `next` is the position to ask on from, null at the end."""
    seat = api_seat(request, slug)
    page = rows_page(
        seat,
        _sealed(seat, dataset_id, number),
        split=query.split,
        source=query.source,
        after=query.after,
        size=query.size,
    )
    return {"items": [line.pinned for line in page.rows], "next": page.after}


@router.get(_ONE + "/compare", response=ComparisonOut)
def compare_versions(request: HttpRequest, slug: str, dataset_id: int, query: Query[CompareQuery]) -> dict[str, Any]:
    """What happened between two frozen versions: counts of all changes, and one page of the rows of one of them."""
    seat = api_seat(request, slug)
    get_object_or_404(Dataset, project=seat.project, pk=dataset_id)
    two = two_of(list(versions_of(seat.project, dataset_id).complete()), before=query.before, after=query.version)
    if two is None:
        raise RefusedError(409, "not_frozen", "No version is frozen yet.")
    before, after = two
    found = compare(seat, before, after, change=query.change, after=query.after, size=query.size)
    rows = [
        {
            "row": each.line.pinned,
            "moved": each.moved,
            "texts": [{"name": name, "before": was, "after": now} for name, was, now in each.texts],
        }
        for each in found.rows
    ]
    return {"counts": found.counts, "change": found.change, "items": rows, "next": found.after}


def _version(seat: Seat, dataset_id: int, number: int) -> DatasetVersion:
    found: DatasetVersion = get_object_or_404(versions_of(seat.project, dataset_id), number=number)
    return found


def _sealed(seat: Seat, dataset_id: int, number: int) -> DatasetVersion:
    found = _version(seat, dataset_id, number)
    if not found.content_hash:
        raise RefusedError(409, "not_frozen", "The version is still being frozen.")
    return found
