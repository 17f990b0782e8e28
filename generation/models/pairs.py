"""Answers, preference pairs, feedback, pretraining text and media."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from fdc_project.web.states import table
from generation.models.projects import Project
from generation.models.runs import Run
from generation.models.samples import Draft, Sample


class Answer(models.Model):
    """One candidate answer to a sample's prompt. `scores` maps an aspect to {"value", "low", "high"}."""

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="answers")
    draft = models.OneToOneField(Draft, models.SET_NULL, null=True, blank=True, related_name="answer")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    model = models.CharField(max_length=160, blank=True, default="")
    scores: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sample", "id"])]


class PreferencePair(models.Model):
    """A preferred and a less preferred answer to the same prompt, and where the preference comes from."""

    class Source(models.TextChoices):
        HUMAN = "human"
        JUDGE = "judge"
        MODEL_GAP = "model_gap"
        SCORE = "score"
        EDIT = "edit"
        RULES = "rules"

    class State(models.TextChoices):
        READY = "ready"
        AGREED = "agreed"
        DISPUTED = "disputed"
        EXPORTABLE = "exportable"
        HELD_BACK = "held_back"

    TRANSITIONS = table(
        ready="agreed disputed held_back",
        agreed="exportable held_back ready",
        disputed="exportable held_back ready",
        exportable="held_back ready",
        held_back="ready",
    )

    project = models.ForeignKey(Project, models.CASCADE, related_name="pairs")
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="pairs")
    chosen = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    rejected = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source)
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    reason = models.CharField(max_length=60, blank=True, default="")
    margin = models.FloatField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "state", "id"])]


class Feedback(models.Model):
    """A prompt, a completion and whether it was good."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="feedback")
    prompt = models.TextField()
    completion = models.TextField()
    good = models.BooleanField()
    source = models.CharField(max_length=200, blank=True, default="")
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "content_hash"])]


class Text(models.Model):
    """One row of pretraining text."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="texts")
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True, default="")
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "content_hash"])]


class Media(models.Model):
    """A file that rows refer to, kept outside the repository under its content's hash."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="media")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "content_hash"], name="one_medium_per_content")]
