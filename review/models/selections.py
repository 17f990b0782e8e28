"""Choices of the best rows, kept in their order: tiers are views of one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import Job, Project, Sample


class RowSelection(models.Model):
    """Samples put into an order by quality, complexity and novelty, as they stood when it was made.

    `asked` is how it was chosen, plain JSON; `told` the counts and the trade-off, empty until its `job` is done; `rows`
    how many were chosen. None of it changes afterwards, whatever becomes of the samples: a tier is the first part of
    the order, and no row is deleted for standing in none.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="row_selections", db_index=False)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="row_selection")
    name = models.CharField(max_length=120, blank=True, default="")
    asked: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    told: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    rows = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="row_selections_newest")]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"


class RankedRow(models.Model):
    """One candidate of a selection: the chosen ones from place 0 in their order, then the others with their `reason`.

    `like` is the chosen sample that a row was too like, `likeness` how like it is; `novelty` is that of a chosen row
    when it was taken, where novelty was weighed.
    """

    selection = models.ForeignKey(RowSelection, models.CASCADE, related_name="ranked", db_index=False)
    place = models.PositiveIntegerField()
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    score = models.FloatField(null=True, blank=True)
    novelty = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=20, blank=True, default="")
    like = models.BigIntegerField(null=True, blank=True)
    likeness = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["selection", "place"], name="one_row_per_place")]
        indexes = [models.Index(fields=["selection", "sample"], name="ranked_rows_by_sample")]
