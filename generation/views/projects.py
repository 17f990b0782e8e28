"""The list of projects, a new one, and a project's settings."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from fdc_project.web.htmx import render_page
from generation.access import person_of, seat_in
from generation.actions.projects import create_project, save_settings
from generation.actions.scenarios import load_scenario
from generation.forms.people import MICRO, NewProjectForm, SettingsForm
from generation.models import Project, Role, Tally


@require_GET
def projects(request: HttpRequest) -> HttpResponse:
    """The person's projects, with how far each has come."""
    rows = list(Project.objects.for_person(request.user).annotate(members=Count("memberships")).order_by("name"))
    figures: dict[int, dict[str, int]] = {row.pk: {} for row in rows}
    for tally in Tally.objects.filter(project__in=rows, kind__in=["seed", "sample"]):
        of_project = figures[tally.project_id]
        name = "seeds" if tally.kind == "seed" else tally.state
        of_project[name] = of_project.get(name, 0) + tally.count
    context = {"projects": [(row, figures[row.pk]) for row in rows]}
    return render_page(request, "generation/projects.html", context)


@require_http_methods(["GET", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    """A new project; whoever makes it owns it."""
    form = NewProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values, now = form.cleaned_data, timezone.now()
        project = create_project(name=values["name"], language=values["language"], by=person_of(request), now=now)
        if values["scenario"]:
            load_scenario(project, name=values["scenario"], by=person_of(request), now=now)
        return redirect("home", project.slug)
    return render_page(request, "generation/project_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, language, guidelines and reasons to reject. Owners change them, members read them."""
    seat = seat_in(request.user, slug, Role.OWNER if request.method == "POST" else Role.VIEWER)
    project = seat.project
    initial = {
        "name": project.name,
        "language": project.language,
        "guidelines": project.guidelines,
        "reject_reasons": "\n".join(project.reject_reasons),
        **{f"confirm_{each.lower()}": Decimal(sum_) / MICRO for each, sum_ in project.confirm_above.items()},
    }
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("name", "language", "guidelines")}
        reasons = form.cleaned_data["reject_reasons"].splitlines()
        save_settings(
            project, **values, reject_reasons=reasons, confirm_above=form.confirm_above(), by=seat.person,
            now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("Saved."), extra_tags="ok")
        return redirect("settings", project.slug)
    context = {"seat": seat, "form": form, "may_save": seat.may(Role.OWNER)}
    return render_page(request, "generation/settings.html", context, status=422 if form.errors else 200)
