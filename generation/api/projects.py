"""Projects: list, make, read, change."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from generation.access import Seat
from generation.actions.projects import create_project, save_settings
from generation.actions.tallies import counts
from generation.api.door import api_projects, api_seat
from generation.models import ApiToken, Project, Role
from generation.schemas import ProjectFiguresOut, ProjectIn, ProjectOut, ProjectSettingsIn

router = Router(tags=["projects"])


@router.get("/projects", response=list[ProjectOut])
def list_projects(request: HttpRequest) -> Any:
    """The projects that you are a member of, by name."""
    return api_projects(request).order_by("name")


@router.post("/projects", response={201: ProjectOut})
def make_project(request: HttpRequest, body: ProjectIn) -> Status[Project]:
    """A new project that you own. A token that is bound to one project cannot make another."""
    token = getattr(request, "auth", None)
    if isinstance(token, ApiToken) and token.project_id is not None:
        raise PermissionDenied
    made = create_project(name=body.name, language=body.language, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    return Status(201, made)


@router.get("/projects/{slug:slug}", response=ProjectFiguresOut)
def get_project(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One project with your role in it and its counts."""
    return _with_figures(api_seat(request, slug))


@router.patch("/projects/{slug:slug}", response=ProjectFiguresOut)
def change_project(request: HttpRequest, slug: str, body: ProjectSettingsIn) -> dict[str, Any]:
    """Changes what is named and leaves the rest. Owners only."""
    seat = api_seat(request, slug, Role.OWNER)
    project, given = seat.project, body.model_dump(exclude_none=True)
    names = ("name", "language", "guidelines", "reject_reasons", "confirm_above")
    values = {name: given.get(name, getattr(project, name)) for name in names}
    save_settings(project, **values, by=seat.person, now=timezone.now())
    return _with_figures(seat)


def _with_figures(seat: Seat) -> dict[str, Any]:
    project = seat.project
    known = {name: getattr(project, name) for name in ProjectOut.model_fields}
    seeds = counts(project.pk, kind="seed").get("active", 0)
    return known | {"role": seat.role, "seeds": seeds, "samples": counts(project.pk, kind="sample")}
