"""Selections of the best rows: the list with the form of a new one, one with its tiers, and files of scores."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import page_of
from fdc_project.web.states import TransitionError
from generation.access import Seat, seat_in
from generation.actions.uploads import LARGEST, UploadTooLargeError, store_upload
from generation.actions.vector_models import vectors_offered
from generation.models import Job, Role
from generation.quality.selection import SOURCES
from review.actions.score_files import KIND as SCORES
from review.actions.score_files import cancel_scores, start_scores
from review.actions.selections import (
    MOST_CANDIDATES,
    NoCandidatesError,
    NoVectorsError,
    TooManyCandidatesError,
    cancel_selection,
    start_selection,
)
from review.models import RowSelection
from review.policies import can_measure
from review.reports.selections import (
    ALL,
    CHOSEN,
    PARTS,
    SelectionSeen,
    liked_texts,
    parts_of,
    ranked_rows,
    sees_selections,
    selection_seen,
    selections_of,
)
from review.selection import Selection
from review.selection_forms import ScoresForm, SelectionForm
from review.selection_presets import PRESETS
from review.training_budget import UNITS, TrainingBudget

PAGE, FIRST = 50, 10
_FILES_SHOWN = 20


@require_http_methods(["GET", "POST"])
def selections(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's selections, newest first; a POST has one worked out."""
    posted = request.method == "POST"
    seat = seat_in(request.user, slug, Role.EDITOR if posted else Role.VIEWER)
    offer = vectors_offered()
    form = SelectionForm(_data(request), seat=seat, offer=offer, preset=request.GET.get("preset", ""))
    if posted and form.is_valid() and (made := _started(seat, form)) is not None:
        return go(request, reverse("selection", args=[slug, made.pk]))
    context = {
        "seat": seat, "form": form, "may_measure": can_measure(seat), "blind": not sees_selections(seat),
        "page": page_of(selections_of(seat.project), after=request.GET.get("after"), newest_first=True),
        "presets": [(each, each.usable(form.aspects)) for each in PRESETS], "offer": offer,
        "pool": _pool(seat, form) if can_measure(seat) else None, "most": MOST_CANDIDATES,
    }  # fmt: skip
    return render_page(request, "review/selections.html", context, status=422 if posted else 200)


@require_http_methods(["GET", "POST"])
def selection(request: HttpRequest, slug: str, selection_id: int) -> HttpResponse:
    """One selection: its tiers under a training budget, the trade-off, its rows. A POST stops the work."""
    seat = seat_in(request.user, slug, Role.EDITOR if request.method == "POST" else Role.VIEWER)
    found = get_object_or_404(selections_of(seat.project), pk=selection_id)
    here = reverse("selection", args=[slug, found.pk])
    if request.method == "POST":
        try:
            cancel_selection(seat, selection=found, now=timezone.now())
        except TransitionError:
            messages.warning(request, _("The selection was over already."), extra_tags="warn")
        return go(request, here)
    if found.told and is_htmx(request):
        return go(request, here)  # it was being worked out: the whole page has more to offer now
    budget = TrainingBudget.from_query(request.GET)
    seen = selection_seen(seat, found, budget=budget)
    context: dict[str, Any] = {
        "seat": seat, "seen": seen, "selection": found, "budget": budget, "units": UNITS, "sources": SOURCES,
        "may_measure": can_measure(seat), "may_freeze": seat.may(Role.EDITOR),
    }  # fmt: skip
    return render_page(request, "review/selection.html", context | (_rows(request, seen) if seen.told else {}))


@require_http_methods(["GET", "POST"])
def selection_scores(request: HttpRequest, slug: str) -> HttpResponse:
    """Scores that were measured elsewhere: the files that were read, and one more. A POST reads one, or stops it."""
    posted = request.method == "POST"
    seat = seat_in(request.user, slug, Role.EDITOR if posted else Role.VIEWER)
    files = Job.objects.in_project(seat.project).filter(kind=SCORES)
    form = ScoresForm()
    if posted and (stopped := number_in(request.POST.get("stop", ""))) is not None:
        try:
            cancel_scores(seat, job=get_object_or_404(files, pk=stopped), now=timezone.now())
        except TransitionError:
            messages.warning(request, _("The file was read to its end already."), extra_tags="warn")
        return go(request, reverse("selection_scores", args=[slug]))
    if posted:
        form = ScoresForm(request.POST, request.FILES)
        if form.is_valid() and _read(seat, form):
            return go(request, reverse("selection_scores", args=[slug]))
    shown = list(files[:_FILES_SHOWN])
    context = {
        "seat": seat, "form": form, "files": shown, "at_work": any(not each.over for each in shown),
        "may_measure": can_measure(seat), "largest": LARGEST // 1024 // 1024,
    }  # fmt: skip
    return render_page(request, "review/selection_scores.html", context, status=422 if posted else 200)


def _data(request: HttpRequest) -> QueryDict | None:
    """What was sent; while a form is being filled in, its address asks how many rows it would choose from."""
    if request.method == "POST":
        return request.POST
    return request.GET if is_htmx(request) and "shares" in request.GET else None


def _started(seat: Seat, form: SelectionForm) -> RowSelection | None:
    try:
        return start_selection(seat, wish=form.wish(), now=timezone.now())
    except NoCandidatesError:
        form.add_error(None, _("No approved row meets this filter. Approve rows in review, or widen it."))
    except NoVectorsError:
        form.add_error("likeness", _("There is no model for this."))
    except TooManyCandidatesError:
        most = f"{MOST_CANDIDATES:,}"
        form.add_error(None, _("More than %(n)s rows meet this filter. Narrow it down.") % {"n": most})
    return None


def _pool(seat: Seat, form: SelectionForm) -> int | None:
    """How many rows may be chosen; None where the filter is not one."""
    if form.is_bound and not form.is_valid():
        return None
    narrowed = form.wish().filter if form.is_bound else Selection()
    return int(narrowed.rows(seat.project).order_by()[: MOST_CANDIDATES + 1].count())


def _rows(request: HttpRequest, seen: SelectionSeen) -> dict[str, Any]:
    """One part of the order, a page of it; at the beginning the first rows and the first that were passed over."""
    part = request.GET.get("part", ALL)
    part = part if part in PARTS else ALL
    after = number_in(request.GET.get("after", "")) or 0
    parts = parts_of(seen.told)
    if part == ALL and not after:
        passed = next((name for name, n in parts if name != CHOSEN and n), "")
        left = ranked_rows(seen.selection, size=FIRST, part=passed) if passed else []
        first = ranked_rows(seen.selection, size=FIRST, part=CHOSEN)
        return {"first": first, "left": left, "left_part": passed, "liked": liked_texts(left), "parts": parts}
    rows = ranked_rows(seen.selection, after=after, size=PAGE + 1, part=part)
    following = rows[PAGE].place if len(rows) > PAGE else None
    return {
        "rows": rows[:PAGE], "next": following, "after": after, "part": part, "parts": parts,
        "liked": liked_texts(rows[:PAGE]),
    }  # fmt: skip


def _read(seat: Seat, form: ScoresForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        upload = store_upload(seat.project, name=file.name, chunks=file.chunks())
    except UploadTooLargeError:
        form.add_error("file", _("The file is larger than %(mb)d MB.") % {"mb": LARGEST // 1024 // 1024})
        return False
    start_scores(seat, upload=upload, aspect=form.cleaned_data["aspect"], now=timezone.now())
    return True
