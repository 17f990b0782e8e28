"""Reports on the quality of rows: have one made, read it and its rows, compare two, apply a remedy, take it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router, Status

from generation.access import Seat
from generation.api.door import RefusedError, api_seat
from generation.models import Role, Run
from generation.schemas import Listed, Paging
from review.actions.quality_remedies import QualityRemedied, QualityRemedyError, remedy_quality, undo_quality_remedy
from review.actions.quality_reports import NoRowsError, start_quality_report
from review.criteria import Criteria
from review.models import DatasetVersion
from review.quality_schemas import (
    ComparedOut,
    FoundPageOut,
    FoundPaging,
    OtherIn,
    QualityIn,
    QualityOut,
    QualityRemediedOut,
    QualityRemedyIn,
    listed,
    side_by_side,
    whole,
)
from review.reports.quality import QualitySeen, quality_in, reports_of, seen_quality, veil_reports
from review.reports.quality_compared import compared
from review.reports.quality_rows import rows_of

router = Router(tags=["quality"])
_ALL = "/projects/{slug:slug}/quality-reports"
_ONE = _ALL + "/{int:quality_id}"


@router.get(_ALL, response=Listed[QualityOut])
def list_quality_reports(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's reports on quality, newest first, without what they tell."""
    seat = api_seat(request, slug)
    rows = reports_of(seat.project)
    rows = rows.filter(pk__lt=query.after) if query.after else rows
    found = list(rows[: query.size + 1])
    veil_reports(seat, found)
    after = found[query.size - 1].pk if len(found) > query.size else None
    return {"items": [listed(each) for each in found[: query.size]], "after": after}


@router.post(_ALL, response={202: QualityOut})
def make_quality_report(request: HttpRequest, slug: str, body: QualityIn) -> Status[dict[str, Any]]:
    """Has rows measured by a job. 422 "no_rows" where there is nothing to measure. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    subject: dict[str, Any] = {"criteria": body.criteria.criteria() if body.criteria else Criteria(state="approved")}
    if body.pairs:
        subject = {"pairs": True}
    elif body.dataset is not None:
        rows = DatasetVersion.objects.in_project(seat.project).filter(dataset=body.dataset, number=body.number or 0)
        subject = {"version": get_object_or_404(rows.select_related("dataset"))}
    elif body.run is not None:
        subject = {"run": get_object_or_404(Run.objects.in_project(seat.project), pk=body.run)}
    try:
        made = start_quality_report(
            seat, now=timezone.now(), random_seed=body.random_seed, settings=body.settings, **subject
        )
    except NoRowsError:
        raise RefusedError(422, "no_rows", "There are no rows to measure.", path="body") from None
    return Status(202, listed(made))


@router.get(_ONE, response=QualityOut)
def get_quality_report(request: HttpRequest, slug: str, quality_id: int) -> dict[str, Any]:
    """One report with what it tells."""
    return whole(_seen(api_seat(request, slug), quality_id))


@router.get(_ONE + "/findings/{str:code}", response=FoundPageOut)
def list_found_rows(
    request: HttpRequest, slug: str, quality_id: int, code: str, query: Query[FoundPaging]
) -> dict[str, Any]:
    """The rows that a finding speaks of, worst first, with the place where a check says one."""
    seat = api_seat(request, slug)
    seen = _finished(seat, quality_id)
    rows, after = rows_of(seat, seen.report, code=code, after=query.after, size=query.size)
    return {"items": rows, "after": after}


@router.get(_ONE + "/compare", response=ComparedOut)
def compare_quality_reports(request: HttpRequest, slug: str, quality_id: int, query: Query[OtherIn]) -> dict[str, Any]:
    """What differs between this report and the `other`: findings that are new or gone, and figures."""
    seat = api_seat(request, slug)
    one = _finished(seat, quality_id)
    newest = reports_of(seat.project).exclude(finished_at=None).values_list("pk", flat=True)
    return side_by_side(compared(one.told, _finished(seat, query.other or newest[0]).told))


@router.post(_ONE + "/remedies", response=QualityRemediedOut)
def remedy_quality_report(request: HttpRequest, slug: str, quality_id: int, body: QualityRemedyIn) -> QualityRemedied:
    """Applies the remedy that a finding offers, or takes one back. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    report, now = _seen(seat, quality_id).report, timezone.now()
    try:
        if body.do == "undo":
            return undo_quality_remedy(seat, entry=body.entry or 0, now=now)
        return remedy_quality(seat, report=report, code=body.finding, way=body.do, now=now)
    except QualityRemedyError as refused:
        raise RefusedError(404 if refused.code == "not_found" else 422, refused.code, path="body") from None


def _seen(seat: Seat, quality_id: int) -> QualitySeen:
    found = quality_in(seat, quality_id)
    if found is None:
        raise Http404
    return seen_quality(seat, found)


def _finished(seat: Seat, quality_id: int) -> QualitySeen:
    seen = _seen(seat, quality_id)
    if not seen.told:
        raise Http404
    return seen
