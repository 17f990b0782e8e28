"""Selections: the best rows in an order with its tiers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from generation.actions.uploads import UploadTooLargeError, drop_upload, store_upload
from generation.api.door import RefusedError, api_seat
from generation.models import Job, Role
from generation.quality.selection.score_rows import UnusableAspect
from generation.schemas import JobOut, Listed, Paging
from review.actions.score_files import start_scores
from review.actions.selections import NoCandidatesError, NoVectorsError, TooManyCandidatesError, start_selection
from review.reports.selections import ALL, CHOSEN, ranked_rows, sees_selections, selection_seen, selections_of
from review.selection_schemas import (
    BudgetedIn,
    RankedPageOut,
    RankedPaging,
    ScoresIn,
    SelectionIn,
    SelectionOut,
    listed_selection,
    ranked_out,
    whole_selection,
)

router = Router(tags=["selections"])
_ALL = "/projects/{slug:slug}/selections"
_ONE = _ALL + "/{int:selection_id}"


@router.get(_ALL, response=Listed[SelectionOut])
def list_selections(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's selections, newest first, without what they tell."""
    rows = selections_of(api_seat(request, slug).project)
    rows = rows.filter(pk__lt=query.after) if query.after else rows
    found = list(rows[: query.size + 1])
    after = found[query.size - 1].pk if len(found) > query.size else None
    return {"items": [listed_selection(each) for each in found[: query.size]], "after": after}


@router.post(_ALL, response={202: SelectionOut})
def make_selection(request: HttpRequest, slug: str, body: SelectionIn) -> Status[dict[str, Any]]:
    """Has approved rows put into an order by a job. 422 "no_rows", "too_many_rows" or "no_vectors". Editors and
    owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        made = start_selection(seat, wish=body.wish(), now=timezone.now())
    except NoCandidatesError:
        raise RefusedError(422, "no_rows", "No approved row meets this filter.", path="body.filter") from None
    except TooManyCandidatesError:
        raise RefusedError(422, "too_many_rows", "Narrow the filter down.", path="body.filter") from None
    except NoVectorsError:
        raise RefusedError(422, "no_vectors", "There is no model for vectors here.", path="body.likeness") from None
    return Status(202, listed_selection(made))


@router.post("/projects/{slug:slug}/scores", response={202: JobOut})
def read_scores(request: HttpRequest, slug: str, file: File[UploadedFile], about: Form[ScoresIn]) -> Status[Job]:
    """Reads scores of samples in as a job, a row naming its sample by `id` or `content_hash`. The job tells how far it
    is, and the line and the reason of each row that was refused. 422 "bad_aspect". Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        upload = store_upload(seat.project, name=file.name or "upload", chunks=file.chunks())
    except UploadTooLargeError:
        raise RefusedError(413, "upload_too_large") from None
    try:
        return Status(202, start_scores(seat, upload=upload, aspect=about.aspect, now=timezone.now()))
    except UnusableAspect:
        drop_upload(upload)
        raise RefusedError(422, "bad_aspect", path="body.aspect") from None


@router.get(_ONE, response=SelectionOut)
def get_selection(request: HttpRequest, slug: str, selection_id: int, query: Query[BudgetedIn]) -> dict[str, Any]:
    """One selection with its tiers under a training budget, and the trade-off."""
    seat = api_seat(request, slug)
    found = get_object_or_404(selections_of(seat.project), pk=selection_id)
    return whole_selection(selection_seen(seat, found, budget=query.budget()))


@router.get(_ONE + "/rows", response=RankedPageOut)
def list_ranked_rows(
    request: HttpRequest, slug: str, selection_id: int, query: Query[RankedPaging]
) -> dict[str, Any]:  # fmt: skip
    """The rows of a selection by place. 404 while scores may not be told to you yet."""
    seat = api_seat(request, slug)
    found = get_object_or_404(selections_of(seat.project), pk=selection_id)
    if not sees_selections(seat):
        raise Http404
    rows = ranked_rows(found, after=query.after, size=query.size + 1, part=ALL if query.all else CHOSEN)
    after = rows[query.size].place if len(rows) > query.size else None
    return {"items": [ranked_out(each) for each in rows[: query.size]], "after": after}
