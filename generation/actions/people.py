"""What people change about themselves, and what owners change about members."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from generation.actions.audit import audit
from generation.models import ApiToken, Membership, Person, Project, Role
from generation.models.people import token_hash

TOKEN_MARK = "fdc_"


class LastOwnerError(Exception):
    """The project would have been left without an owner; nothing was changed."""


def set_password(person: Person, *, password: str, now: datetime) -> None:
    """A new password, which signs out every other browser. Django's `ValidationError` when the rules refuse it."""
    validate_password(password, person)
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        audit("person.password", by=person, subject=person.username, now=now)


def set_language(person: Person, *, language: str) -> None:
    """The language that this person's pages speak from the next sign-in on, in any browser."""
    Person.objects.filter(pk=person.pk).update(language=language)


def set_theme(person: Person, *, theme: str) -> None:
    """ "light", "dark", or "" to follow the system."""
    Person.objects.filter(pk=person.pk).update(theme=theme)


def set_keys(person: Person, *, keys: Mapping[str, str]) -> None:
    """The keys that this person chose, by action; an action left out keeps its own key."""
    Person.objects.filter(pk=person.pk).update(keys=dict(keys))


def make_token(
    person: Person, *, name: str, now: datetime, project: Project | None = None, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new API token and its text. Only the hash is kept: show the text now or never."""
    text = TOKEN_MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            person=person, name=name, project=project, prefix=text[:8], token_hash=token_hash(text),
            created_at=now, expires_at=expires_at,
        )  # fmt: skip
        audit("token.made", by=person, project=project, subject=name, now=now)
    return token, text


def revoke_token(token: ApiToken, *, by: Person, now: datetime) -> None:
    """The token opens nothing from now on. Revoking twice changes nothing."""
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            audit("token.revoked", by=by, project=token.project, subject=token.name, now=now)


def set_role(project: Project, *, person: Person, role: Role, by: Person, now: datetime) -> None:
    """Gives a member another role. `LastOwnerError` when nobody else owns the project."""
    with transaction.atomic():
        member = _locked(project, person)
        if member.role == Role.OWNER and role != Role.OWNER:
            _refuse_last_owner(project, member)
        before, member.role = member.role, Role(role)
        member.save(update_fields=["role"])
        audit("member.role", by=by, project=project, subject=person.username, now=now, before=before, after=role)


def remove_member(project: Project, *, person: Person, by: Person, now: datetime) -> None:
    """Takes a member's seat away; what they decided stays. `LastOwnerError` when nobody else owns the project."""
    with transaction.atomic():
        member = _locked(project, person)
        if member.role == Role.OWNER:
            _refuse_last_owner(project, member)
        member.delete()
        ApiToken.objects.filter(project=project, person=person, revoked_at=None).update(revoked_at=now)
        audit("member.removed", by=by, project=project, subject=person.username, now=now, role=member.role)


def save_person(
    person: Person, *, first_name: str, last_name: str, active: bool, superuser: bool, by: Person, now: datetime
) -> None:
    """What an administrator may change of somebody. Open sessions and tokens of an inactive person are refused at once.

    `LastOwnerError` when no active superuser would be left.
    """
    with transaction.atomic():
        others = Person.objects.select_for_update().filter(is_active=True, is_superuser=True).exclude(pk=person.pk)
        if not (active and superuser) and not others:
            raise LastOwnerError
        person.first_name, person.last_name = first_name, last_name
        person.is_active, person.is_superuser, person.is_staff = active, superuser, superuser
        person.save(update_fields=["first_name", "last_name", "is_active", "is_superuser", "is_staff"])
        audit("person.saved", by=by, subject=person.username, now=now, active=active, superuser=superuser)


def _locked(project: Project, person: Person) -> Membership:
    # Locking the project's row makes two owners who remove each other at once wait for one another.
    Project.objects.select_for_update().get(pk=project.pk)
    return Membership.objects.get(project=project, person=person)


def _refuse_last_owner(project: Project, member: Membership) -> None:
    if not project.memberships.filter(role=Role.OWNER).exclude(pk=member.pk).exists():
        raise LastOwnerError
