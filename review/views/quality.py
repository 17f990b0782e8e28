"""Reports on the quality of rows: the list with its history, having rows measured, two reports side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import page_of
from generation.access import Seat, seat_in
from generation.models import Feedback, Role, Run, Sample
from review.actions.quality_reports import NoRowsError, measured_samples, start_quality_report
from review.criteria import Criteria
from review.models import DatasetVersion, QualityReport
from review.policies import can_measure
from review.quality_forms import SettingsForm
from review.quality_pairs import measured_pairs
from review.reports.quality import QualitySeen, past_of, quality_in, reports_of, seen_quality, veil_reports
from review.reports.quality_compared import compared, other_settings
from review.templatetags.quality_words import quality_fault

CHOICES = 100
_NOTHING = "nothing_to_measure"


@require_http_methods(["GET", "POST"])
def quality(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's reports, newest first, with how the figures went; a POST has rows measured."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    form = SettingsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _start(request, seat, form)
    page = page_of(reports_of(seat.project), after=request.GET.get("after"), newest_first=True)
    veil_reports(seat, page.rows)
    versions = DatasetVersion.objects.in_project(seat.project).complete().select_related("dataset")
    of, _dash, number = request.POST.get("of", "").partition("-")
    chosen = number_in(number)
    context = {
        "seat": seat,
        "form": form,
        "page": page,
        "past": past_of(seat) if page.first else (),
        "may_measure": can_measure(seat),
        "runs": Run.objects.in_project(seat.project).filter(preview=False)[:CHOICES],
        "versions": versions[:CHOICES],
        "has_pairs": measured_pairs(seat.project).exists(),
        "has_samples": measured_samples(seat, criteria=Criteria(state="approved")).exists(),
        "chosen": of or request.GET.get("of", ""),
        "chosen_run": chosen if of == "run" else number_in(request.GET.get("run", "")),
        "chosen_version": chosen if of == "version" else number_in(request.GET.get("version", "")),
        "criteria": Criteria.from_query(request.POST or request.GET),
        "at_work": any(each.job is not None and not each.job.over for each in page.rows),
        "finished": [each for each in page.rows if each.finished_at],
    }
    return render_page(request, "review/quality.html", context, status=422 if form.is_bound else 200)


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
    before, after = finished(seat, one), finished(seat, other)
    context = {
        "seat": seat, "one": before, "other": after, "found": compared(before.told, after.told),
        "differing": other_settings(before.report, after.report),
    }  # fmt: skip
    return render_page(request, "review/quality_compare.html", context)


def report_in(seat: Seat, quality_id: int) -> QualityReport:
    """The project's report of that id; 404 where there is none."""
    found = quality_in(seat, quality_id)
    if found is None:
        raise Http404
    return found


def finished(seat: Seat, quality_id: int) -> QualitySeen:
    """The report as the person may see it; 404 where it tells nothing yet, or nothing to this person."""
    seen = seen_quality(seat, report_in(seat, quality_id))
    if not seen.told:
        raise Http404
    return seen


def _what_is_there(seat: Seat, kind: str) -> str:
    """Why nothing can be measured: the code of the sentence that says what is there instead."""
    if kind != "pairs" and measured_pairs(seat.project).exists():
        return "only_pairs"
    labelled = Feedback.objects.filter(project=seat.project).exists()
    return "only_feedback" if labelled and not Sample.objects.filter(project=seat.project).exists() else _NOTHING


def _start(request: HttpRequest, seat: Seat, form: SettingsForm) -> HttpResponse:
    kind, _dash, number = request.POST.get("of", "").partition("-")
    wanted = number_in(number) or 0
    asked: dict[str, Any] = {"criteria": Criteria(state="approved")}
    if kind == "pairs":
        asked = {"pairs": True}
    elif kind == "run":
        asked = {"run": Run.objects.in_project(seat.project).filter(pk=wanted).first()}
    elif kind == "version":
        asked = {"version": DatasetVersion.objects.in_project(seat.project).filter(pk=wanted).first()}
    elif kind == "filter":
        asked = {"criteria": Criteria.from_query(request.POST)}
    if None in asked.values():
        raise Http404
    try:
        made = start_quality_report(seat, now=timezone.now(), settings=form.settings, **asked)
    except NoRowsError:
        messages.warning(request, str(quality_fault(_what_is_there(seat, kind))), extra_tags="warn")
        return go(request, reverse("quality", args=[seat.project.slug]))
    return go(request, reverse("quality_report", args=[seat.project.slug, made.pk]))
