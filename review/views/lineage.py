"""Where a sample comes from and what else came of the same source."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import render_page
from generation.access import seat_in
from review.reports.family import MOST, family_of
from review.reports.veils import veil_family


@require_GET
def lineage(request: HttpRequest, slug: str, sample_id: int) -> HttpResponse:
    """The family tree of one sample."""
    seat = seat_in(request.user, slug)
    family = family_of(seat.project, sample_id=sample_id)
    if family is None:
        raise Http404
    veil_family(seat, family)
    return render_page(request, "review/lineage.html", {"seat": seat, "family": family, "most": MOST})
