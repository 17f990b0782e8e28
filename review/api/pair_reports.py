"""Reports on sets of preference pairs: have one made, read it, apply a remedy, take it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from generation.api.door import RefusedError, api_seat
from generation.models import Role
from generation.schemas import Listed, Paging
from review.actions.pair_remedies import RemedyError, remedy, undo_remedy
from review.actions.pair_reports import NoPairsError, start_report
from review.actions.rounds import RoundError
from review.models import DatasetVersion, PairReport
from review.report_schemas import RemediedOut, RemedyIn, ReportIn, ReportOut, listed, whole
from review.reports.pair_report import report_in, reports_of, row_ids, seen_report

router = Router(tags=["pairs"])
_ALL = "/projects/{slug:slug}/pair-reports"
_ONE = _ALL + "/{int:report_id}"


@router.get(_ALL, response=Listed[ReportOut])
def list_pair_reports(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's reports on pairs, newest first, without what they say. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    rows = reports_of(seat.project)
    rows = rows.filter(pk__lt=query.after) if query.after else rows
    found = list(rows[: query.size + 1])
    after = found[query.size - 1].pk if len(found) > query.size else None
    return {"items": [listed(each) for each in found[: query.size]], "after": after}


@router.post(_ALL, response={202: ReportOut})
def make_pair_report(request: HttpRequest, slug: str, body: ReportIn) -> Status[dict[str, Any]]:
    """Has a set of pairs measured by a job. 422 "no_pairs" where there is nothing to measure. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    version = None
    if body.dataset is not None:
        rows = DatasetVersion.objects.in_project(seat.project).filter(dataset=body.dataset, number=body.number or 0)
        version = rows.select_related("dataset").first()
        if version is None:
            raise Http404
    try:
        made = start_report(
            seat, criteria=body.criteria(), version=version, now=timezone.now(), random_seed=body.random_seed
        )
    except NoPairsError:
        raise RefusedError(422, "no_pairs", "There are no pairs to measure.", path="body") from None
    return Status(202, listed(made))


@router.get(_ONE, response=ReportOut)
def get_pair_report(request: HttpRequest, slug: str, report_id: int) -> dict[str, Any]:
    """One report with what it says. Editors and owners."""
    seat = api_seat(request, slug, Role.EDITOR)
    seen = seen_report(seat, _report(seat, report_id))
    return whole(seen, row_ids(seat, seen.report) if seen.open else None)


@router.post(_ONE + "/remedies", response=RemediedOut)
def remedy_pair_report(request: HttpRequest, slug: str, report_id: int, body: RemedyIn) -> dict[str, Any]:
    """Applies the remedy that a finding offers, or takes one back. 409 "blind" until you had the pairs shown."""
    seat = api_seat(request, slug, Role.EDITOR)
    report, now = _report(seat, report_id), timezone.now()
    try:
        if body.do == "undo":
            done = undo_remedy(seat, entry=body.entry or 0, now=now)
        else:
            name = body.name or f"{body.finding} {report.pk}"
            done = remedy(seat, report=report, code=body.finding, way=body.do, name=name, now=now)
    except RemedyError as refused:
        status = {"blind": 409, "not_found": 404}.get(refused.code, 422)
        raise RefusedError(status, refused.code, path="body") from None
    except RoundError as refused:
        raise RefusedError(422, refused.code, path="body.name") from None
    return {"held": done.held, "entry": done.entry, "round": done.round}


def _report(seat: Any, report_id: int) -> PairReport:
    found = report_in(seat, report_id)
    if found is None:
        raise Http404
    return found
