"""Samples that ask the same: in conflict where they answer differently, redundant where they do not."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from fdc_project.web.states import table
from generation.models import Job, Project


class ConflictSearch(models.Model):
    """One look over all approved and waiting samples of a project, done by its `job`; its groups replace older ones
    that nobody settled."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="conflict_searches", db_index=False)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="conflict_search")
    rows = models.PositiveBigIntegerField(default=0)
    groups = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"])]


class ConflictGroup(models.Model):
    """Samples of one question, by their ids: of redundant ones the best comes first, of others the oldest.

    `key` names the samples in any order, so that a group that a person settled does not come back with the next
    search. `similarity` is the least ROUGE-L of a prompt with the first one's.
    """

    class Kind(models.TextChoices):
        CONFLICT = "conflict"
        REDUNDANT = "redundant"

    class State(models.TextChoices):
        OPEN = "open"
        SETTLED = "settled"
        NO_CONFLICT = "no_conflict"

    TRANSITIONS = table(open="settled no_conflict", settled="open", no_conflict="open")

    project = models.ForeignKey(Project, models.CASCADE, related_name="conflict_groups", db_index=False)
    search = models.ForeignKey(ConflictSearch, models.CASCADE, related_name="found")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=64)
    samples: models.JSONField[list[int], Any] = models.JSONField(default=list)
    size = models.PositiveIntegerField(default=0)
    similarity = models.FloatField(default=1.0)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    kept: models.JSONField[list[int], Any] = models.JSONField(default=list, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "kind", "state", "id"], name="conflict_groups_listed")]
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="one_conflict_group_per_key")]
