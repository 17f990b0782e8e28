"""The pages on methods: papers with what FDC changed and why, and what each stage of training wants."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from fdc_project.web.htmx import render_page
from generation.access import person_of, seat_in
from generation.methods import methods_shown, references
from generation.models import Project, Role
from generation.recipes import RECIPES


@require_safe
def methods(request: HttpRequest) -> HttpResponse:
    """Each paper with its recipes, what FDC does otherwise, and why."""
    context = {"methods": methods_shown(RECIPES), "references": references(), **_where(request)}
    return render_page(request, "generation/methods.html", context)


@require_safe
def stages(request: HttpRequest) -> HttpResponse:
    """What each stage of training wants, and what makes supervised fine-tuning work, each linked to its feature."""
    return render_page(request, "generation/stages.html", _where(request))


def _where(request: HttpRequest) -> dict[str, Any]:
    """The project that links lead into: the person's newest, None without one; `starts_in` where runs may start."""
    person = person_of(request)
    project = Project.objects.for_person(person).order_by("-id").first()
    edits = project and seat_in(person, project.slug).may(Role.EDITOR)
    return {"project": project, "starts_in": project.slug if project and edits else ""}
