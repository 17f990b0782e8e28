"""Texts kept for evaluation, which nothing that trains may repeat."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from generation.models.jobs import Job
from generation.models.projects import Project


class EvaluationSetQuerySet(models.QuerySet["EvaluationSet"]):
    """Sets as pages, reports and admission read them."""

    def whole(self) -> EvaluationSetQuerySet:
        """Those that are all there; nothing is held against a part of a set, which would let the rest through."""
        return self.filter(Q(job=None) | Q(job__state=Job.State.DONE))


class EvaluationSet(models.Model):
    """A benchmark or a test split that was brought in as it is: whole, then only deleted, never changed.

    `source` says where it came from, a file's name; `origin` is a key of what it was made of inside FDC ("version 7
    test"), empty for a file. `size` counts its items. `job` reads it in, with what could not be read in its counts and
    faults. `found` is what the newest report found: {"report", "at", "preset", "items", "rows"}.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="evaluation_sets", db_index=False)
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=200, blank=True, default="")
    origin = models.CharField(max_length=60, blank=True, default="")
    format = models.CharField(max_length=60, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    job = models.OneToOneField(Job, models.RESTRICT, null=True, blank=True, related_name="evaluation_set")
    found: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = EvaluationSetQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_evaluation_set_per_name")]

    @property
    def state(self) -> str:
        """ "whole", "reading", or "broken" when its file could not be read to the end."""
        if self.job is None or self.job.state == Job.State.DONE:
            return "whole"
        return "broken" if self.job.over else "reading"


class EvaluationItem(models.Model):
    """One text of a set; `number` counts from 0. `row` is the id of the sample that it was made of, if any: that sample
    does not repeat it."""

    set = models.ForeignKey(EvaluationSet, models.CASCADE, related_name="items", db_index=False)
    number = models.PositiveIntegerField()
    text = models.TextField()
    row = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["set", "number"], name="one_evaluation_item_per_number")]
