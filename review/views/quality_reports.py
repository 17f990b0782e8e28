"""One report on the quality of rows: its page, its files, its remedies."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.models import Role
from generation.quality.report.settings import ReportSettings
from review.actions.quality_remedies import (
    QualityRemedyError,
    left_of,
    offered,
    remedy_quality,
    undo_quality_remedy,
)
from review.actions.quality_reports import cancel_quality_report
from review.models import QualityReport
from review.policies import can_measure
from review.quality_forms import hidden_settings
from review.reports.quality import QualitySeen, seen_quality
from review.reports.quality_file import quality_file
from review.reports.quality_page import laid_out
from review.reports.quality_remedied import remedied
from review.reports.quality_rows import SHOWN, quoted_rows, rows_of
from review.templatetags.quality_words import quality_fault, subject
from review.views.quality import finished, report_in

GLANCED = 3
"""Places that stand in the open finding itself."""


@require_http_methods(["GET", "POST"])
def quality_report(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """One report: what was found, worst first, the charts, and the rows of the open finding. A POST stops measuring."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    report = report_in(seat, quality_id)
    here = reverse("quality_report", args=[slug, quality_id])
    if request.method == "POST":
        try:
            cancel_quality_report(seat, report=report, now=timezone.now())
        except TransitionError:
            messages.warning(request, _("The report was over already."), extra_tags="warn")
        return go(request, here)
    if report.told and is_htmx(request):
        return go(request, here)  # it was being measured: the whole page has more to offer now
    seen = seen_quality(seat, report)
    settings = ReportSettings.from_asked(report.asked)
    context: dict[str, Any] = {
        "seat": seat, "seen": seen, "report": report, "may_measure": can_measure(seat), "changed": settings.changed(),
        "again": _subject(report) | hidden_settings(settings),
    }  # fmt: skip
    if seen.told:
        context |= {"told": seen.told, "page_of": laid_out(seen.told, report=report)} | _opened(request, seat, seen)
    return render_page(request, "review/quality_report.html", context)


@require_GET
def quality_report_json(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """The report as a JSON file."""
    seat = seat_in(request.user, slug)
    seen = finished(seat, quality_id)
    report = seen.report
    body = {
        "id": report.pk, "project": seat.project.slug, "criteria": report.criteria, "run": report.run_id,
        "dataset": report.version.dataset.name if report.version else None,
        "version": report.version.number if report.version else None, "measured": report.finished_at,
        "settings": ReportSettings.from_asked(report.asked).changed(), **seen.told,
    }  # fmt: skip
    dumped = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(body, headers=_attached(seat, report, "json"), json_dumps_params=dumped)


@require_GET
def quality_report_file(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """The report as one HTML file that needs nothing else."""
    seat = seat_in(request.user, slug)
    seen = finished(seat, quality_id)
    text = quality_file(
        seen.told, name=seat.project.name, about=subject(seen.report), when=seen.report.finished_at,
        rows=quoted_rows(seat, seen.report), settings=ReportSettings.from_asked(seen.report.asked),
    )  # fmt: skip
    return HttpResponse(text, headers=_attached(seat, seen.report, "html"))


@require_POST
def quality_remedy(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """Applies the remedy of a finding, or takes one back."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    report, now = report_in(seat, quality_id), timezone.now()
    code, way = request.POST.get("finding", ""), request.POST.get("do", "")
    back = f"{reverse('quality_report', args=[slug, quality_id])}?{urlencode({'finding': code})}"
    try:
        if way == "undo":
            done = undo_quality_remedy(seat, entry=number_in(request.POST.get("entry", "")) or 0, now=now)
            told = ngettext("%(n)s row stands as before.", "%(n)s rows stand as before.", done.moved)
            messages.success(request, told % {"n": done.moved}, extra_tags="ok")
            return go(request, back)
        done = remedy_quality(seat, report=report, code=code, way=way, now=now)
    except QualityRemedyError as error:
        messages.warning(request, str(quality_fault(error.code)), extra_tags="warn")
        return go(request, back)
    if way == "review":
        told = ngettext(
            "%(n)s row of this finding waits for people.", "%(n)s rows of this finding wait for people.", done.waiting
        )
        messages.success(request, told % {"n": done.waiting}, extra_tags="ok")
    else:
        told = ngettext("%(n)s row is dropped.", "%(n)s rows are dropped.", done.moved)
        messages.success(request, told % {"n": done.moved}, extra_tags="ok")
    return go(request, back)


def _subject(report: QualityReport) -> dict[str, str]:
    """What a form has to carry so that the same rows are measured again."""
    if report.version_id:
        return {"of": f"version-{report.version_id}"}
    if "pairs" in report.criteria:
        return {"of": "pairs"}
    return {"of": f"run-{report.run_id}"} if report.run_id else {"of": "filter", **report.criteria}


def _attached(seat: Seat, report: QualityReport, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="quality-{seat.project.slug}-{report.pk}.{ending}"'}


def _opened(request: HttpRequest, seat: Seat, seen: QualitySeen) -> dict[str, Any]:
    """The open finding, its rows, what may be done about it and what was done."""
    found = seen.finding(request.GET.get("finding", ""))
    if found is None:
        return {"open": None}
    code, report = found["code"], seen.report
    after = number_in(request.GET.get("after", "")) or 0
    rows, more = rows_of(seat, report, code=code, after=after)
    done = remedied(report, code=code)
    return {
        "open": found, "rows": rows, "glance": [row for row in rows if row.quote][:GLANCED],
        "more": more, "after": after, "last": after + len(rows),
        "before": max(0, after - SHOWN) if after else None, "done": done,
        "undo": next((each for each in done if not each.undone), None), "remedies": offered(report, code=code),
        "left": left_of(report, code=code) if can_measure(seat) else {}, "finding_key": f"{report.pk}-{code}",
    }  # fmt: skip
