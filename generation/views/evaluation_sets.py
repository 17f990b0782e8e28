"""Evaluation sets: texts that no row may repeat. The list with its upload, and one set with its items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.paging import capped_count, page_of
from generation.access import Seat, seat_in
from generation.actions.evaluation_files import add_evaluation_file
from generation.actions.evaluation_sets import EvaluationSetError, remove_evaluation_set
from generation.actions.uploads import LARGEST
from generation.evaluation_words import EVALUATION_FAULTS
from generation.fault_files import fault_file
from generation.models import EvaluationItem, EvaluationSet, JobFault, Role, Sample
from generation.words import word


@require_http_methods(["GET", "POST"])
def evaluation_sets(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's sets. A POST brings one in."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    fault = ""
    if request.method == "POST":
        try:
            made = _brought_in(request, seat)
        except EvaluationSetError as error:
            fault = str(word(EVALUATION_FAULTS, error.code))
            fault += _(" (line %(line)d)") % {"line": error.line} if error.line else ""
        else:
            return _brought(request, seat, made)
    rows = EvaluationSet.objects.filter(project=seat.project).select_related("made_by", "job")
    page = page_of(rows, after=request.GET.get("after"), newest_first=True)
    context: dict[str, Any] = {
        "seat": seat, "page": page, "fault": fault,
        "at_work": any(each.state == "reading" for each in page.rows),
        "own": capped_count(Sample.objects.filter(project=seat.project, evaluation=True)),
        "may_edit": seat.may(Role.EDITOR), "sent_name": request.POST.get("name", "")[:120],
        "largest": LARGEST // 1024 // 1024,
    }  # fmt: skip
    return render_page(request, "generation/evaluation_sets.html", context, status=422 if fault else 200)


def _brought(request: HttpRequest, seat: Seat, made: EvaluationSet) -> HttpResponse:
    """To the set where there is something to see of it, else back to the list."""
    unreadable = made.job.rejected if made.job else 0
    if made.state == "whole":
        told = ngettext("%(n)d text of %(name)s is kept.", "%(n)d texts of %(name)s are kept.", made.size)
        messages.success(request, told % {"n": made.size, "name": made.name}, extra_tags="ok")
        if not unreadable:
            return go(request, reverse("evaluation_sets", args=[seat.project.slug]))
    return go(request, reverse("evaluation_set", args=[seat.project.slug, made.pk]))


@require_http_methods(["GET", "POST"])
def evaluation_set(request: HttpRequest, slug: str, set_id: int) -> HttpResponseBase:
    """One set: how far it is read, what could not be, what was last found of it, and its texts in order. A POST deletes
    it; `?faults=jsonl` or `csv` gives every row that could not be read."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    rows = EvaluationSet.objects.filter(project=seat.project).select_related("job")
    found = get_object_or_404(rows, pk=set_id)
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            remove_evaluation_set(seat, found=found, now=timezone.now())
            messages.success(request, _("The set is deleted."), extra_tags="ok")
            return go(request, reverse("evaluation_sets", args=[slug]))
        return go(request, reverse("evaluation_set", args=[slug, set_id]))
    if found.job is not None and request.GET.get("faults"):
        return fault_file(found.job, as_csv=request.GET["faults"] == "csv")
    if is_htmx(request) and found.state != "reading":
        return go(request, request.path)  # it was being read: its size, state and texts have changed, too
    job = found.job
    context = {
        "seat": seat, "set": found, "job": job, "may_edit": seat.may(Role.EDITOR),
        "page": page_of(EvaluationItem.objects.filter(set=found), after=request.GET.get("after")),
        "faults": capped_count(JobFault.objects.filter(job=job)) if job and job.errors else None,
        "broken": word(EVALUATION_FAULTS, job.message) if job and found.state == "broken" else "",
        "found_at": parse_datetime(str(found.found.get("at", ""))),
    }  # fmt: skip
    return render_page(request, "generation/evaluation_set.html", context)


def _brought_in(request: HttpRequest, seat: Seat) -> EvaluationSet:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise EvaluationSetError("file_missing")
    if (file.size or 0) > LARGEST:
        raise EvaluationSetError("file_too_large")
    name = request.POST.get("name", "").strip() or (file.name or "").rpartition(".")[0]
    return add_evaluation_file(
        seat, name=name, source=file.name or "", chunks=file.chunks(), clock=timezone.now, owner="web"
    )
