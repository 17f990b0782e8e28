"""Texts kept for evaluation, which nothing that trains may repeat."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from generation.models.projects import Project


class EvaluationSet(models.Model):
    """A benchmark or a test split that was brought in as it is: whole, then only deleted, never changed.

    `source` says where it came from, a file's name; `size` counts its items.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="evaluation_sets", db_index=False)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True, default="")
    format = models.CharField(max_length=60, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_evaluation_set_per_name")]


class EvaluationItem(models.Model):
    """One text of a set; `number` counts from 0."""

    set = models.ForeignKey(EvaluationSet, models.CASCADE, related_name="items", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["set", "number"], name="one_evaluation_item_per_number")]
