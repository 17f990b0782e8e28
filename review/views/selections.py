"""Selections of the best rows: the list with the form of a new one, and one with its tiers and its trade-off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from fdc_project.web.paging import page_of
from fdc_project.web.states import TransitionError
from generation.access import seat_in
from generation.models import Role
from review.actions.selections import (
    MOST_CANDIDATES,
    NoCandidatesError,
    TooManyCandidatesError,
    cancel_selection,
    start_selection,
)
from review.policies import can_measure
from review.reports.selections import SOURCES, ranked_rows, sees_selections, selection_seen, selections_of
from review.selection_forms import SelectionForm

PAGE = 50
MOST_BUDGET = 10**13


@require_http_methods(["GET", "POST"])
def selections(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's selections, newest first; a POST has one worked out."""
    posted = request.method == "POST"
    seat = seat_in(request.user, slug, Role.EDITOR if posted else Role.VIEWER)
    form = SelectionForm(request.POST if posted else None, seat=seat)
    if posted and form.is_valid():
        try:
            made = start_selection(seat, wish=form.wish(), now=timezone.now())
        except NoCandidatesError:
            form.add_error(None, _("No approved row meets this filter. Approve rows in review, or widen it."))
        except TooManyCandidatesError:
            most = f"{MOST_CANDIDATES:,}"
            form.add_error(None, _("More than %(n)s rows meet this filter. Narrow it down.") % {"n": most})
        else:
            return go(request, reverse("selection", args=[slug, made.pk]))
    page = page_of(selections_of(seat.project), after=request.GET.get("after"), newest_first=True)
    scored = bool(form.fields["quality"].choices[1:])  # type: ignore[attr-defined]
    context = {
        "seat": seat, "form": form, "page": page, "may_measure": can_measure(seat), "scored": scored,
        "blind": not sees_selections(seat),
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
    unit = "tokens" if request.GET.get("unit") == "tokens" else "samples"
    budget = min(number_in(request.GET.get("seen", "")) or 0, MOST_BUDGET)
    seen = selection_seen(seat, found, budget=budget, unit=unit)
    context: dict[str, Any] = {
        "seat": seat, "seen": seen, "selection": found, "unit": unit, "budget": budget or "", "sources": SOURCES,
        "may_measure": can_measure(seat), "may_freeze": seat.may(Role.EDITOR),
    }  # fmt: skip
    if seen.told:
        after = number_in(request.GET.get("after", "")) or 0
        rows = ranked_rows(found, after=after, size=PAGE + 1, reason=None)
        context |= {"rows": rows[:PAGE], "next": rows[PAGE].place if len(rows) > PAGE else None, "after": after}
    return render_page(request, "review/selection.html", context)
