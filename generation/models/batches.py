"""Batches: many requests that travel as one file and come back within a day, at half the price."""

from __future__ import annotations

from typing import Any

from django.db import models

from fdc_project.web.states import table
from generation.models.endpoints import Endpoint
from generation.models.runs import Run


class Batch(models.Model):
    """One batch at a provider. `token` travels with it as metadata, so that a batch whose creation was answered to a
    dead worker is found again and never made twice.
    """

    class State(models.TextChoices):
        GATHERED = "gathered"
        UPLOADED = "uploaded"
        CREATED = "created"
        INGESTED = "ingested"
        FAILED = "failed"

    TRANSITIONS = table(
        gathered="uploaded failed", uploaded="created failed", created="ingested failed", ingested="", failed=""
    )

    run = models.ForeignKey(Run, models.CASCADE, related_name="batches")
    endpoint = models.ForeignKey(Endpoint, models.SET_NULL, null=True, related_name="+")
    model = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.GATHERED)
    token = models.CharField(max_length=40, unique=True)
    file_id = models.CharField(max_length=200, blank=True, default="")
    batch_id = models.CharField(max_length=200, blank=True, default="")
    status = models.CharField(max_length=40, blank=True, default="")
    requests = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    detail: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["run", "state"])]
