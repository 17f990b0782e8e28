"""Evaluation sets: texts that no row may repeat. The list with its upload, and one set with its items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, render_page
from fdc_project.web.paging import capped_count, page_of
from generation.access import Seat, seat_in
from generation.actions.evaluation_sets import (
    LARGEST,
    EvaluationSetError,
    add_evaluation_set,
    remove_evaluation_set,
)
from generation.evaluation_words import EVALUATION_FAULTS
from generation.models import EvaluationItem, EvaluationSet, Role, Sample
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
        else:
            told = ngettext("%(n)d text of %(name)s is kept.", "%(n)d texts of %(name)s are kept.", made.size)
            messages.success(request, told % {"n": made.size, "name": made.name}, extra_tags="ok")
            return go(request, reverse("evaluation_sets", args=[slug]))
    rows = EvaluationSet.objects.filter(project=seat.project).select_related("made_by")
    context: dict[str, Any] = {
        "seat": seat, "page": page_of(rows, after=request.GET.get("after"), newest_first=True), "fault": fault,
        "own": capped_count(Sample.objects.filter(project=seat.project, evaluation=True)),
        "may_edit": seat.may(Role.EDITOR), "sent_name": request.POST.get("name", "")[:120],
        "largest": LARGEST // 1024 // 1024,
    }  # fmt: skip
    return render_page(request, "generation/evaluation_sets.html", context, status=422 if fault else 200)


@require_http_methods(["GET", "POST"])
def evaluation_set(request: HttpRequest, slug: str, set_id: int) -> HttpResponse:
    """One set's texts in order. A POST deletes it."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    found = get_object_or_404(EvaluationSet, project=seat.project, pk=set_id)
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            remove_evaluation_set(seat, found=found, now=timezone.now())
            messages.success(request, _("The set is deleted."), extra_tags="ok")
            return go(request, reverse("evaluation_sets", args=[slug]))
        return go(request, reverse("evaluation_set", args=[slug, set_id]))
    page = page_of(EvaluationItem.objects.filter(set=found), after=request.GET.get("after"))
    context = {"seat": seat, "set": found, "page": page, "may_edit": seat.may(Role.EDITOR)}
    return render_page(request, "generation/evaluation_set.html", context)


def _brought_in(request: HttpRequest, seat: Seat) -> EvaluationSet:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise EvaluationSetError("file_missing")
    if (file.size or 0) > LARGEST:
        raise EvaluationSetError("file_too_large")
    name = request.POST.get("name", "").strip() or (file.name or "").rpartition(".")[0]
    stream: Any = file.file
    return add_evaluation_set(seat, name=name, source=file.name or "", file=stream, now=timezone.now())
