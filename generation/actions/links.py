"""One-time links: the first person, invitations, lost passwords. Each lets somebody in once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from generation.actions.audit import audit
from generation.models import Membership, OneTimeLink, Person, Project, Role
from generation.models.people import token_hash

LIFETIMES = {
    OneTimeLink.Purpose.FIRST: timedelta(days=7),
    OneTimeLink.Purpose.INVITATION: timedelta(days=7),
    OneTimeLink.Purpose.RECOVERY: timedelta(days=1),
}


class SpentLinkError(Exception):
    """The link is unknown, was used, or has run out; nothing was changed."""


class NameTakenError(Exception):
    """Somebody else signs in by this name; nothing was changed and the link is still good."""


def first_link(*, now: datetime) -> str | None:
    """A token for the first person, or None once somebody can sign in. Earlier unused ones stop working."""
    if any(person.has_usable_password() for person in Person.objects.filter(is_active=True)):
        return None
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.FIRST).still_open(now).update(used_at=now)
    return _make(OneTimeLink(purpose=OneTimeLink.Purpose.FIRST), now=now)


def recovery_link(person: Person, *, now: datetime) -> str:
    """A token with which `person` sets a new password."""
    return _make(OneTimeLink(purpose=OneTimeLink.Purpose.RECOVERY, person=person), now=now)


def invite(project: Project, *, role: Role, by: Person, now: datetime, note: str = "") -> str:
    """A token that lets one person into the project in `role`. Only its hash is kept: show it now or never."""
    purpose = OneTimeLink.Purpose.INVITATION
    link = OneTimeLink(purpose=purpose, project=project, role=Role(role), note=note[:200], made_by=by)
    with transaction.atomic():
        token = _make(link, now=now)
        audit("invitation.made", by=by, project=project, subject=note, now=now, role=Role(role).value)
    return token


def withdraw(link: OneTimeLink, *, by: Person, now: datetime) -> None:
    """The link lets nobody in any more. Withdrawing twice changes nothing."""
    with transaction.atomic():
        if OneTimeLink.objects.filter(pk=link.pk).still_open(now).update(used_at=now):
            audit("invitation.withdrawn", by=by, project=link.project, subject=link.note, now=now)


def welcome(token: str, *, username: str, password: str, now: datetime) -> Person:
    """Uses a first or recovery link: makes the first person (a superuser), or sets the person's password.

    `SpentLinkError`; `NameTakenError`; Django's `ValidationError` for a name or password that the rules refuse. None of
    them spends the link.
    """
    with transaction.atomic():
        link = _spend(token, now=now, purposes=[OneTimeLink.Purpose.FIRST, OneTimeLink.Purpose.RECOVERY])
        if link.person is not None:
            person = link.person
            _set_password(person, password)
            audit("person.recovered", by=person, subject=person.username, now=now)
        else:
            person = _new_person(username, password, now=now, is_staff=True, is_superuser=True)
            _own_demo(person, now=now)
            audit("person.first", by=person, subject=person.username, now=now)
    return person


def join(token: str, *, now: datetime, person: Person | None = None, username: str = "", password: str = "") -> Person:
    """Uses an invitation: gives `person`, or a new person of that name and password, the role in the project.

    Somebody who is a member already keeps the higher role. Errors as for `welcome`.
    """
    with transaction.atomic():
        link = _spend(token, now=now, purposes=[OneTimeLink.Purpose.INVITATION])
        project = link.project
        if project is None:
            raise SpentLinkError
        member = person or _new_person(username, password, now=now)
        values = {"role": link.role, "created_at": now}
        seat, made = Membership.objects.get_or_create(project=project, person=member, defaults=values)
        if not made and list(Role).index(Role(seat.role)) < list(Role).index(Role(link.role)):
            Membership.objects.filter(pk=seat.pk).update(role=link.role)
        audit("member.joined", by=member, project=project, subject=member.username, now=now, role=link.role)
    return member


def _make(link: OneTimeLink, *, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    link.token_hash = token_hash(token)
    link.created_at, link.expires_at = now, now + LIFETIMES[OneTimeLink.Purpose(link.purpose)]
    link.save()
    return token


def _spend(token: str, *, now: datetime, purposes: list[OneTimeLink.Purpose]) -> OneTimeLink:
    link = OneTimeLink.objects.of_token(token, now).filter(purpose__in=purposes).first()
    # The conditional update decides between two people who open the same link at once.
    if link is None or not OneTimeLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise SpentLinkError
    return link


def _new_person(username: str, password: str, *, now: datetime, **flags: bool) -> Person:
    person = Person(username=Person.normalize_username(username.strip()), date_joined=now, **flags)
    person.clean_fields(exclude=["password", "last_login"])
    if Person.objects.filter(username__iexact=person.username).exists():
        raise NameTakenError
    try:
        _set_password(person, password)
    except IntegrityError as error:
        raise NameTakenError from error
    return person


def _set_password(person: Person, password: str) -> None:
    validate_password(password, person)
    person.set_password(password)
    person.save()


def _own_demo(person: Person, *, now: datetime) -> None:
    """The first person owns the projects that nobody owns yet: the demo was made before anybody was here."""
    for project in Project.objects.exclude(memberships__role=Role.OWNER):
        Membership.objects.create(project=project, person=person, role=Role.OWNER, created_at=now)
