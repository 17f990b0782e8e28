"""How far the people of a round agree, live, and what each person's own votes look like."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import render_page
from generation.access import seat_in
from generation.models import Role
from review.models import Round
from review.reports.agreement import agreement_of, round_or_404

_MANY = 20_000


@require_GET
def agreement(request: HttpRequest, slug: str, round_id: int) -> HttpResponse:
    """The round's agreement, over the votes that this person may know of; it renews itself while the round is open."""
    seat = seat_in(request.user, slug, Role.REVIEWER)
    asked = round_or_404(seat, round_id)
    found = agreement_of(seat, asked=asked)
    context = {
        "seat": seat,
        "asked": asked,
        "agreement": found,
        "editor": seat.may(Role.EDITOR),
        "live": asked.state == Round.State.OPEN,
        "every": 5 if found.votes < _MANY else 30,
    }
    return render_page(request, "review/agreement.html", context)
