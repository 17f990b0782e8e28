"""Projects and who may do what in them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects as a person may see them."""

    def for_person(self, person: Any) -> ProjectQuerySet:
        """The projects that `person` is a member of; a superuser sees all."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        return self if person.is_superuser else self.filter(memberships__person=person)


class Project(models.Model):
    """The unit of work and of access: everything else belongs to one project.

    `confirm_above` maps a currency to micro-units: a run that may cost more is started only by who says so.
    """

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    guidelines = models.TextField(blank=True, default="")
    reject_reasons: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    confirm_above: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict, blank=True)
    overlap = models.PositiveSmallIntegerField(default=1)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects = ProjectQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do, least first; each role may do all that the ones before it may."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    EDITOR = "editor"
    OWNER = "owner"


class Membership(models.Model):
    """A person's role in a project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="one_membership_per_person")]


class Tally(models.Model):
    """How many rows of a kind are in a state, kept beside the rows in the transaction that moves them.

    Split over shards so that many writers do not wait for one row; the sum over the shards is the count.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="tallies")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=30)
    shard = models.PositiveSmallIntegerField(default=0)
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "state", "shard"], name="one_tally_per_shard")
        ]
