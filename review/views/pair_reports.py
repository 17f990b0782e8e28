"""The report on a set of preference pairs, live or frozen: its page, its file, and the remedies of its findings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.models import Role
from generation.words import word
from review.actions.pair_remedies import RemedyError, remedy, undo_remedy
from review.actions.pair_reports import NoPairsError, start_report
from review.actions.rounds import RoundError
from review.models import DatasetVersion, PairReport
from review.pair_criteria import PairCriteria
from review.reports.pair_charts import length_chart, margin_chart, model_chart
from review.reports.pair_news import came_since
from review.reports.pair_report import ReportSeen, report_for, report_in, rows_of_finding, seen_report
from review.reports.versions import versions_of
from review.templatetags.bias_words import finding_title, remedy_fault
from review.templatetags.compare_words import ROUND_FAULTS


@require_http_methods(["GET", "POST"])
def pair_report(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest report on the pairs of a filter, or the one of `?report=`; a POST has one made."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    criteria = PairCriteria.from_query(request.GET)
    if request.method == "POST":
        return _start(request, seat, criteria=criteria)
    wanted = number_in(request.GET.get("report", ""))
    report = report_in(seat, wanted) if wanted is not None else report_for(seat, criteria=criteria)
    if wanted is not None and report is None:
        raise Http404
    return _page(request, seat, report, criteria=criteria)


@require_http_methods(["GET", "POST"])
def version_pairs(request: HttpRequest, slug: str, dataset_id: int, number: int) -> HttpResponse:
    """The newest report on the pairs of a frozen version; a POST has one made."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    version = versions_of(seat.project, dataset_id).complete().filter(number=number).first()
    if version is None:
        raise Http404
    if request.method == "POST":
        return _start(request, seat, version=version)
    report = report_for(seat, criteria=PairCriteria(), version=version)
    return _page(request, seat, report, criteria=PairCriteria(), version=version)


@require_GET
def pair_report_json(request: HttpRequest, slug: str, report_id: int) -> HttpResponse:
    """The report as a JSON file."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    seen = _finished(seat, report_id)
    report = seen.report
    body = {"id": report.pk, "project": seat.project.slug, "criteria": report.criteria, **seen.told}
    dumped = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(body, headers=_attached(seat, report, "json"), json_dumps_params=dumped)


@require_GET
def pair_report_file(request: HttpRequest, slug: str, report_id: int) -> HttpResponse:
    """The report as one HTML file that needs nothing else."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    seen = _finished(seat, report_id)
    text = render_to_string("review/pair_report_file.html", {"seat": seat, **_shown(seen)}, request)
    return HttpResponse(text, headers=_attached(seat, seen.report, "html"))


@require_POST
def pair_report_remedy(request: HttpRequest, slug: str, report_id: int) -> HttpResponse:
    """Applies the remedy of a finding, or takes one back."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    report = report_in(seat, report_id)
    if report is None:
        raise Http404
    code, way, now = request.POST.get("finding", ""), request.POST.get("do", ""), timezone.now()
    back = f"{_address(seat, report)}{'&' if '?' in _address(seat, report) else '?'}finding={code}"
    try:
        if way == "undo":
            done = undo_remedy(seat, entry=number_in(request.POST.get("entry", "")) or 0, now=now)
            told = ngettext("%(n)s pair stands as before.", "%(n)s pairs stand as before.", done.held)
            messages.success(request, told % {"n": done.held}, extra_tags="ok")
            return go(request, back)
        name = _("%(finding)s, report %(number)s") % {"finding": finding_title(code), "number": report.pk}
        done = remedy(seat, report=report, code=code, way=way, name=name, now=now)
    except RemedyError as error:
        messages.warning(request, str(remedy_fault(error.code)), extra_tags="warn")
    except RoundError as error:
        messages.warning(request, str(word(ROUND_FAULTS, error.code)), extra_tags="warn")
    else:
        if done.round is not None:
            return redirect("compare", slug, done.round)
        told = ngettext("%(n)s pair is held back.", "%(n)s pairs are held back.", done.held)
        messages.success(request, told % {"n": done.held}, extra_tags="ok")
        return go(request, f"{back}&undo={done.entry}")
    return go(request, back)


def _finished(seat: Seat, report_id: int) -> ReportSeen:
    report = report_in(seat, report_id)
    if report is None or not report.told:
        raise Http404
    return seen_report(seat, report)


def _attached(seat: Seat, report: PairReport, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="pairs-{seat.project.slug}-{report.pk}.{ending}"'}


def _start(
    request: HttpRequest, seat: Seat, *, criteria: PairCriteria | None = None, version: DatasetVersion | None = None
) -> HttpResponse:
    try:
        made = start_report(seat, criteria=criteria, version=version, now=timezone.now())
    except NoPairsError:
        messages.warning(request, str(remedy_fault("no_pairs")), extra_tags="warn")
        return go(request, request.get_full_path())
    return go(request, _address(seat, made))


def _address(seat: Seat, report: PairReport) -> str:
    """Where the report is read."""
    if report.version is not None:
        return reverse("version_pairs", args=[seat.project.slug, report.version.dataset_id, report.version.number])
    return f"{reverse('pair_report', args=[seat.project.slug])}?report={report.pk}"


def _page(
    request: HttpRequest, seat: Seat, report: PairReport | None, *, criteria: PairCriteria,
    version: DatasetVersion | None = None,
) -> HttpResponse:  # fmt: skip
    if report is not None and report.told and is_htmx(request):
        return go(request, request.get_full_path())  # it was being measured: the whole page has more to offer now
    seen = seen_report(seat, report) if report is not None else None
    context: dict[str, Any] = {
        "seat": seat, "report": report, "version": version, "criteria": criteria, "job": report.job if report else None,
        "undo": number_in(request.GET.get("undo", "")),
    }  # fmt: skip
    if seen is not None and seen.told:
        context |= _shown(seen) | {"since": came_since(seen)}
        codes = [each["code"] for each in seen.told["findings"]]
        code = request.GET.get("finding", "")
        code = code if code in codes else codes[0]
        context["open"] = next(each for each in seen.told["findings"] if each["code"] == code)
        context["rows"] = rows_of_finding(seat, seen.report, code=code)
    context["seen"] = seen
    return render_page(request, "review/pair_report.html", context)


def _shown(seen: ReportSeen) -> dict[str, Any]:
    """What the page and the file have in common."""
    told = seen.told
    if not told:
        return {"seen": seen, "report": seen.report, "told": told}
    guide = next(each["guide"] for each in told["findings"] if each["code"] == "longer_wins")
    return {
        "seen": seen,
        "report": seen.report,
        "told": told,
        "warnings": sum(each["level"] == "warn" for each in told["findings"]),
        "margin_chart": margin_chart(told["margins"]),
        "length_chart": length_chart(told["lengths"], guide),
        "models": model_chart(told["models"]),
    }
