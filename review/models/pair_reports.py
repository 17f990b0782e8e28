"""Reports on sets of preference pairs, kept as they were measured."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import Job, Project
from review.models.datasets import DatasetVersion


class PairReport(models.Model):
    """What was measured over the pairs that `criteria` let through, or over those of a frozen `version`.

    `told` is the report as plain JSON, empty until its `job` is done; `rows` maps each finding to the ids of the pairs
    that it speaks of, worst first. Neither changes afterwards, whatever becomes of the pairs.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="pair_reports", db_index=False)
    version = models.ForeignKey(DatasetVersion, models.CASCADE, null=True, blank=True, related_name="pair_reports")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="pair_report")
    criteria: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict, blank=True)
    random_seed = models.BigIntegerField(default=42)
    pairs = models.PositiveBigIntegerField(default=0)
    told: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    rows: models.JSONField[dict[str, list[int]], Any] = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "-id"])]
