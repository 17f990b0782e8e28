"""People, and the one-time links and tokens by which they come in."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


def token_hash(token: str) -> str:
    """The SHA-256 of a link's or API token's text, which is all that is kept of it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Person(AbstractUser):
    """Somebody who signs in. `keys` maps an action to the key that this person chose for it."""

    language = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=10, blank=True, default="")
    keys: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict, blank=True)

    @property
    def initials(self) -> str:
        """One or two letters for the round mark in the top bar."""
        words = (self.get_full_name() or self.username).split()
        return "".join(word[0] for word in words[:2]).upper()


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    """Links as the pages that open them read them."""

    def still_open(self, now: datetime) -> OneTimeLinkQuerySet:
        """Those that nobody used and that have not run out."""
        return self.filter(used_at=None, expires_at__gt=now)

    def of_token(self, token: str, now: datetime) -> OneTimeLinkQuerySet:
        """The open link with this token, if there is one."""
        return self.still_open(now).filter(token_hash=token_hash(token)).select_related("project", "person", "made_by")


class OneTimeLink(models.Model):
    """A link that lets somebody in once: the first person, an invited one, or one who lost the password.

    Only the SHA-256 of its token is kept.
    """

    class Purpose(models.TextChoices):
        FIRST = "first"
        INVITATION = "invitation"
        RECOVERY = "recovery"

    purpose = models.CharField(max_length=12, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="links")
    project = models.ForeignKey("generation.Project", models.CASCADE, null=True, blank=True, related_name="invitations")
    role = models.CharField(max_length=10, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = OneTimeLinkQuerySet.as_manager()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens as the API and the account page read them."""

    def usable(self, now: datetime) -> ApiTokenQuerySet:
        """Those that were not revoked and have not run out, of people who may still sign in."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(unexpired, revoked_at=None, person__is_active=True)


class ApiToken(models.Model):
    """A bearer token of the API. Its text is shown once; only the SHA-256 and the first characters are kept."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    project = models.ForeignKey("generation.Project", models.CASCADE, null=True, blank=True, related_name="tokens")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()


class AuditEntry(models.Model):
    """Who did what to roles, keys, exports and settings; append-only."""

    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    project = models.ForeignKey("generation.Project", models.CASCADE, null=True, related_name="audit")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True, default="")
    detail: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
