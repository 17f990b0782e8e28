"""How rows spread over task types, topics, languages and difficulties; a cell that lacks rows becomes a run."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import go, render_page
from generation.access import seat_in
from generation.holes import Hole, filling
from generation.models import Role
from review.reports.coverage import coverage_seen

_LACKING = {
    "seeds": gettext_lazy("No seed of this task type is there to make such rows from. Write one, then fill the cell."),
    "vocabulary": gettext_lazy("No vocabulary has this topic. Add it to one, then fill the cell."),
    "language": gettext_lazy(
        "Prompts are written in English and Chinese; rows of this language have to be brought in."
    ),
}
_HELPS = {"seeds": "seed_new", "vocabulary": "vocabularies", "language": "imports"}


@require_GET
def coverage(request: HttpRequest, slug: str) -> HttpResponse:
    """The grid of two axes, terms that no row speaks of, and seeds that were never used."""
    seat = seat_in(request.user, slug)
    approved = request.GET.get("rows") != "all"
    seen = coverage_seen(
        seat, down=request.GET.get("down", ""), across=request.GET.get("across", ""), approved=approved
    )
    context = {"seat": seat, "seen": seen, "grid": seen.grid, "approved": approved, "may_run": seat.may(Role.EDITOR)}
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


__all__ = ["coverage", "coverage_fill"]
