"""Judgements: one person's choice between, or ranking of, answers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import PreferencePair, Project, Sample


class Judgement(models.Model):
    """What a person preferred, and the order in which the answers were shown. `ranking` lists answer ids by rank."""

    class Verdict(models.TextChoices):
        LEFT = "left"
        RIGHT = "right"
        TIE = "tie"
        BOTH_BAD = "both_bad"
        RANKED = "ranked"

    project = models.ForeignKey(Project, models.CASCADE, related_name="judgements")
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="judgements")
    pair = models.ForeignKey(PreferencePair, models.CASCADE, null=True, blank=True, related_name="judgements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="judgements")
    verdict = models.CharField(max_length=10, choices=Verdict)
    much_better = models.BooleanField(default=False)
    shown: models.JSONField[list[int], Any] = models.JSONField(default=list)
    ranking: models.JSONField[list[list[int]], Any] = models.JSONField(default=list, blank=True)
    unblinded = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    key = models.CharField(max_length=64)
    seconds = models.FloatField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_judgement_per_key")]
