"""The home of a project."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import render_page
from generation.access import seat_in
from generation.models import Role
from review.reports.coverage_targets import rows_lacking
from review.reports.funnel import draw
from review.reports.home import fallouts, funnel_of, latest_runs, people_lately, seconds_per_row
from review.reports.next_steps import next_steps
from review.reports.rounds import waiting_for_me


@require_GET
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """From seed to export at a glance, and what to do next."""
    seat, now = seat_in(request.user, slug), timezone.now()
    funnel, runs = funnel_of(seat.project), latest_runs(seat.project)
    pace = seconds_per_row(seat.project)
    lacking = rows_lacking(seat.project) if seat.may(Role.EDITOR) else 0
    first, *others = next_steps(seat, funnel, runs, to_compare=waiting_for_me(seat), lacking=lacking)
    reasons = fallouts(seat.project)
    people = people_lately(seat.project, now=now)
    context = {
        "seat": seat,
        "edits": seat.may(Role.EDITOR),
        "funnel": funnel,
        "picture": draw(funnel) if funnel.generated else None,
        "runs": runs,
        "step": first,
        "others": others[:3],
        "pace": pace,
        "minutes": round(funnel.needs_review * pace / 60) if pace else None,
        "people": people,
        "most_rows": max([line.rows for line in people] or [1]) or 1,
        "reasons": reasons,
        "most_fallen": max([line.rows for line in reasons] or [1]),
    }
    return render_page(request, "review/home.html", context)
