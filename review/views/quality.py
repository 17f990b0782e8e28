"""Reports on the quality of rows: the list with its history, one report, its files, its remedies, two side by side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import page_of
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.models import Role, Run
from review.actions.quality_remedies import QualityRemedyError, offered, remedy_quality, undo_quality_remedy
from review.actions.quality_reports import NoRowsError, cancel_quality_report, start_quality_report
from review.criteria import Criteria
from review.models import DatasetVersion, QualityReport
from review.policies import can_measure
from review.reports.quality import QualitySeen, past_of, quality_in, reports_of, seen_quality, veil_reports
from review.reports.quality_compared import compared
from review.reports.quality_file import quality_file
from review.reports.quality_rows import rows_of
from review.reports.quality_sections import sections_of
from review.templatetags.quality_words import quality_fault, subject

CHOICES = 100


@require_http_methods(["GET", "POST"])
def quality(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's reports, newest first, with how the figures went; a POST has rows measured."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    if request.method == "POST":
        return _start(request, seat)
    page = page_of(reports_of(seat.project), after=request.GET.get("after"), newest_first=True)
    veil_reports(seat, page.rows)
    versions = DatasetVersion.objects.in_project(seat.project).complete().select_related("dataset")
    context = {
        "seat": seat,
        "page": page,
        "past": past_of(seat) if page.first else (),
        "may_measure": can_measure(seat),
        "runs": Run.objects.in_project(seat.project).filter(preview=False)[:CHOICES],
        "versions": versions[:CHOICES],
        "chosen": request.GET.get("of", ""),
        "chosen_run": number_in(request.GET.get("run", "")),
        "chosen_version": number_in(request.GET.get("version", "")),
        "criteria": Criteria.from_query(request.GET),
        "at_work": any(each.job is not None and not each.job.over for each in page.rows),
        "finished": [each for each in page.rows if each.finished_at],
    }
    return render_page(request, "review/quality.html", context)


@require_http_methods(["GET", "POST"])
def quality_report(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """One report: what was found, worst first, the charts, and the rows of the open finding. A POST stops measuring."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    report = _report(seat, quality_id)
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
    context: dict[str, Any] = {"seat": seat, "seen": seen, "report": report, "may_measure": can_measure(seat)}
    if seen.told:
        context |= _shown(seen) | _opened(request, seat, seen)
    return render_page(request, "review/quality_report.html", context)


@require_GET
def quality_report_json(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """The report as a JSON file."""
    seat = seat_in(request.user, slug)
    seen = _finished(seat, quality_id)
    report = seen.report
    body = {
        "id": report.pk, "project": seat.project.slug, "criteria": report.criteria, "run": report.run_id,
        "dataset": report.version.dataset.name if report.version else None,
        "version": report.version.number if report.version else None, "measured": report.finished_at, **seen.told,
    }  # fmt: skip
    dumped = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(body, headers=_attached(seat, report, "json"), json_dumps_params=dumped)


@require_GET
def quality_report_file(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """The report as one HTML file that needs nothing else."""
    seat = seat_in(request.user, slug)
    seen = _finished(seat, quality_id)
    text = quality_file(seen.told, name=seat.project.name, about=subject(seen.report), when=seen.report.finished_at)
    return HttpResponse(text, headers=_attached(seat, seen.report, "html"))


@require_POST
def quality_remedy(request: HttpRequest, slug: str, quality_id: int) -> HttpResponse:
    """Applies the remedy of a finding, or takes one back."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    report, now = _report(seat, quality_id), timezone.now()
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
    return go(request, back + (f"&undo={done.entry}" if done.entry else ""))


@require_GET
def quality_compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two reports side by side: figures, differences, and which findings are new or gone."""
    seat = seat_in(request.user, slug)
    one, other = (number_in(request.GET.get(name, "")) for name in ("one", "other"))
    if one is None or other is None:
        newest = [each.pk for each in reports_of(seat.project).exclude(finished_at=None)[:2]]
        if len(newest) < 2:
            return go(request, reverse("quality", args=[slug]))
        other, one = newest
    before, after = _finished(seat, one), _finished(seat, other)
    context = {"seat": seat, "one": before, "other": after, "found": compared(before.told, after.told)}
    return render_page(request, "review/quality_compare.html", context)


def _start(request: HttpRequest, seat: Seat) -> HttpResponse:
    kind, _dash, number = request.POST.get("of", "").partition("-")
    wanted = number_in(number) or 0
    asked: dict[str, Any] = {"criteria": Criteria(state="approved")}
    if kind == "run":
        asked = {"run": Run.objects.in_project(seat.project).filter(pk=wanted).first()}
    elif kind == "version":
        asked = {"version": DatasetVersion.objects.in_project(seat.project).filter(pk=wanted).first()}
    elif kind == "filter":
        asked = {"criteria": Criteria.from_query(request.POST)}
    if None in asked.values():
        raise Http404
    try:
        made = start_quality_report(seat, now=timezone.now(), **asked)
    except NoRowsError:
        messages.warning(request, str(quality_fault("nothing_to_measure")), extra_tags="warn")
        return go(request, reverse("quality", args=[seat.project.slug]))
    return go(request, reverse("quality_report", args=[seat.project.slug, made.pk]))


def _report(seat: Seat, quality_id: int) -> QualityReport:
    found = quality_in(seat, quality_id)
    if found is None:
        raise Http404
    return found


def _finished(seat: Seat, quality_id: int) -> QualitySeen:
    seen = seen_quality(seat, _report(seat, quality_id))
    if not seen.told:
        raise Http404
    return seen


def _attached(seat: Seat, report: QualityReport, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="quality-{seat.project.slug}-{report.pk}.{ending}"'}


def _shown(seen: QualitySeen) -> dict[str, Any]:
    return {"told": seen.told, "sections": sections_of(seen.told)}


def _opened(request: HttpRequest, seat: Seat, seen: QualitySeen) -> dict[str, Any]:
    """The open finding, its rows, and what may be done about it."""
    found = seen.finding(request.GET.get("finding", ""))
    if found is None:
        return {"open": None}
    after = number_in(request.GET.get("after", "")) or 0
    rows, more = rows_of(seat, seen.report, code=found["code"], after=after)
    return {
        "open": found, "rows": rows, "more": more, "after": after, "last": after + len(rows),
        "undo": number_in(request.GET.get("undo", "")),
        "remedies": offered(seen.report, code=found["code"]), "finding_key": f"{seen.report.pk}-{found['code']}",
    }  # fmt: skip
