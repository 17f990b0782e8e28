"""How rows spread over what they are about; a cell that lacks rows becomes a run, and somebody says how many there
should be."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import go, is_htmx, render_page
from fdc_project.web.numbers import number_in
from generation.access import Seat, seat_in
from generation.holes import Hole, filling
from generation.models import Role
from review.actions.coverage_counts import AIMED_AT, MOST_TARGETS, newest_count, set_targets, start_count
from review.policies import can_measure
from review.reports.coverage import coverage_seen, may_aim

_LACKING = {
    "seeds": gettext_lazy("No seed of this task type is there to make such rows from. Write one, then fill the cell."),
    "vocabulary": gettext_lazy("No vocabulary has this topic. Add it to one, then fill the cell."),
    "language": gettext_lazy(
        "Prompts are written in English and Chinese; rows of this language have to be brought in."
    ),
    "document": gettext_lazy("This document is not there any more."),
}
_HELPS = {"seeds": "seed_new", "vocabulary": "vocabularies", "language": "imports", "document": "documents"}


@require_http_methods(["GET", "POST"])
def coverage(request: HttpRequest, slug: str) -> HttpResponse:
    """The grid of two axes, the targets, and what was never used. A POST has the rows counted anew, or says how many
    there should be."""
    posted = request.method == "POST"
    seat = seat_in(request.user, slug, Role.EDITOR if posted else Role.VIEWER)
    within = is_htmx(request) and request.headers.get("HX-Target") == "coverage_counting"
    if posted and not within:
        return _posted(request, seat)
    if posted:
        start_count(seat, now=timezone.now())  # the page itself asks, and stays where it is
    elif within:
        newest = newest_count(seat.project)
        if newest is None or newest.over:
            return go(request, request.get_full_path())  # the whole page has more to show now
    approved = request.GET.get("rows") != "all"
    seen = coverage_seen(
        seat, down=request.GET.get("down", ""), across=request.GET.get("across", ""), approved=approved
    )
    context = {
        "seat": seat, "seen": seen, "grid": seen.grid, "counting": seen.counting, "approved": approved,
        "may_run": seat.may(Role.EDITOR), "may_measure": can_measure(seat), "here": request.get_full_path(),
        "may_aim": can_measure(seat) and may_aim(seen.grid.down),
        "targets": {aim.value: aim.target for aim in seen.aims if aim.axis == seen.grid.down},
        "new_values": seen.grid.down in ("task_type", "language"),
    }  # fmt: skip
    return render_page(request, "review/coverage.html", context)


@require_GET
def coverage_fill(request: HttpRequest, slug: str) -> HttpResponse:
    """Leads to the form of a new run, filled in for what lacks rows; or to what has to be there first."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    hole = Hole.from_query(request.GET)
    if hole is None:
        return go(request, reverse("coverage", args=[slug]))
    found = filling(seat.project, hole)
    if not found.recipe:
        messages.warning(request, str(_LACKING[found.lacking]), extra_tags="warn")
        return go(request, reverse(_HELPS[found.lacking], args=[slug]))
    return go(request, f"{reverse('new_run', args=[slug, found.recipe])}?{hole.query()}")


def _posted(request: HttpRequest, seat: Seat) -> HttpResponse:
    back = reverse("coverage", args=[seat.project.slug])
    query = request.GET.urlencode()
    if request.POST.get("do") == "aim":
        axis = request.POST.get("axis", "")
        rows = _rows_of(request.POST)
        if axis not in AIMED_AT or rows is None:
            messages.warning(request, _("Give whole numbers of rows; nothing was changed."), extra_tags="warn")
        else:
            set_targets(seat, axis=axis, rows=rows, now=timezone.now())
            messages.success(request, _("The targets are kept."))
    else:
        start_count(seat, now=timezone.now())
    return go(request, f"{back}?{query}" if query else back)


def _rows_of(posted: Any) -> dict[str, int] | None:
    """Value -> rows out of two lists of the same length; None where a number is none. An empty field is 0."""
    values, numbers = posted.getlist("value")[:MOST_TARGETS], posted.getlist("wanted")[:MOST_TARGETS]
    found: dict[str, int] = {}
    for value, number in zip(values, numbers, strict=False):
        wanted = number_in(number) if number.strip() else 0
        if wanted is None:
            return None
        if name := value.replace("\0", "").strip():
            found[name] = wanted
    return found
