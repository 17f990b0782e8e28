"""What was spent: in one project by run, recipe, model, prompt, stage or day, and over all projects of a person."""

from __future__ import annotations

import csv
import io
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from fdc_project.web.htmx import render_page
from generation.access import seat_in
from generation.models import Project
from review.reports.spend import KINDS, By, Line, by_project, spend_by, totals

COLUMNS = (
    "key", "currency", "cost_micro", "maybe_billed_micro", "calls", "tokens_in", "tokens_out", "reused", "saved_micro",
    "approved", "per_approved_micro", "runs",
)  # fmt: skip
SHOWN = 200


@require_GET
def spend(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's spend. `?by=` chooses the sums; `?as=csv` and `?as=json` save them as a file."""
    seat = seat_in(request.user, slug)
    by = cast(By, request.GET.get("by") if request.GET.get("by") in KINDS else "run")
    lines = spend_by(seat.project, by=by)
    wanted = request.GET.get("as")
    if wanted in ("csv", "json"):
        return _file(seat.project, by, lines, as_csv=wanted == "csv")
    context = {
        "seat": seat, "by": by, "kinds": KINDS, "totals": totals(seat.project), "more": max(0, len(lines) - SHOWN),
        "rows": _with_most(lines)[:SHOWN], "counted": any(line.approved is not None for line in lines),
    }  # fmt: skip
    return render_page(request, "review/spend.html", context)


@require_GET
def spending(request: HttpRequest) -> HttpResponse:
    """What each of the person's projects spent."""
    projects = list(Project.objects.for_person(request.user).order_by("name"))
    found = by_project(projects)
    rows = [(project, line) for project in projects for line in found.get(project.pk, [])]
    most = _most(line for _project, line in rows)
    lines = [(project, line, most[line.currency]) for project, line in rows]
    return render_page(request, "review/spending.html", {"rows": lines, "projects": projects})


def as_row(line: Line) -> dict[str, Any]:
    """A line as plain values."""
    return {name: getattr(line, name) for name in COLUMNS}


def _with_most(lines: list[Line]) -> list[tuple[Line, int]]:
    """Each line with the largest of its currency, so that its bar has a measure."""
    most = _most(lines)
    return [(line, most[line.currency]) for line in lines]


def _most(lines: Any) -> dict[str, int]:
    most: dict[str, int] = {}
    for line in lines:
        most[line.currency] = max(most.get(line.currency, 1), line.cost_micro + line.maybe_billed_micro)
    return most


def _file(project: Project, by: str, lines: list[Line], *, as_csv: bool) -> HttpResponse:
    rows = [as_row(line) for line in lines]
    if as_csv:
        text = io.StringIO()
        writer = csv.DictWriter(text, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
        response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    else:
        response = JsonResponse({"project": project.slug, "by": by, "lines": rows}, json_dumps_params={"indent": 1})
    kind = "csv" if as_csv else "json"
    response["Content-Disposition"] = f'attachment; filename="{project.slug}-spend-by-{by}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
