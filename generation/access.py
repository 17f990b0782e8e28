"""Who may enter a project, and in which role. Every door asks here first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from generation.models import Membership, Person, Project, Role

_RANK = {Role.VIEWER: 0, Role.REVIEWER: 1, Role.EDITOR: 2, Role.OWNER: 3}


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in a project. A superuser sits as owner everywhere."""

    person: Person
    project: Project
    role: Role

    def may(self, least: Role) -> bool:
        """Whether this seat reaches the role `least`."""
        return _RANK[self.role] >= _RANK[least]


def person_of(request: HttpRequest) -> Person:
    """The person behind a request that only people signed in can make."""
    return cast(Person, request.user)


def seat_in(person: Any, slug: str, least: Role = Role.VIEWER) -> Seat:
    """The person's seat in the project `slug`.

    `Http404` when there is no such project for this person, so that names do not leak; `PermissionDenied` when the role
    does not reach `least`. One query.
    """
    if not person.is_authenticated or not person.is_active:
        raise Http404
    if person.is_superuser:
        project = Project.objects.filter(slug=slug).first()
        role = Role.OWNER
    else:
        membership = Membership.objects.select_related("project").filter(person=person, project__slug=slug).first()
        project = membership.project if membership else None
        role = Role(membership.role) if membership else Role.VIEWER
    if project is None:
        raise Http404
    seat = Seat(person, project, role)
    if not seat.may(least):
        raise PermissionDenied
    return seat
