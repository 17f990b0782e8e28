"""Judges against people, and everybody's own votes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import render_page
from generation.access import seat_in
from generation.models import Role
from review.reports.judges import judges_of
from review.reports.own_votes import own_votes_of


@require_GET
def judges(request: HttpRequest, slug: str) -> HttpResponse:
    """Each judge of the project's pairs beside what people decided."""
    seat = seat_in(request.user, slug, Role.EDITOR)
    return render_page(request, "review/judges.html", {"seat": seat, "found": judges_of(seat.project)})


@require_GET
def own_votes(request: HttpRequest, slug: str) -> HttpResponse:
    """The person's own votes, shown to nobody else."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    return render_page(request, "review/own_votes.html", {"seat": seat, "own": own_votes_of(seat)})
