"""Answers, preference pairs, feedback, pretraining text and media."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from fdc_project.web.states import table
from generation.models.jobs import Job
from generation.models.projects import Project
from generation.models.runs import Run
from generation.models.samples import Draft, Sample


class Answer(models.Model):
    """One candidate answer to a sample's prompt. `scores` maps an aspect to {"value", "low", "high"}; `rank` 1 is best.

    Tool calls and turns before the text are in `meta` as "calls" and "steps", written as `Sample` writes them.
    """

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="answers")
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="answers")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="answers")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField()
    model = models.CharField(max_length=160, blank=True, default="")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    meta: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    scores: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sample", "id"])]


class PreferencePair(models.Model):
    """A preferred and a less preferred answer to the same prompt, and where the preference comes from.

    What may leave is `exportable`: a judge agreed with itself in both orders and beyond the margin, scores differ by
    the margin, or people decided. What is `held_back` has its `reason`; `ready` waits for somebody to verify it.
    `rubric` is the SHA-256 of all that the judge was told to look for, "" where none was asked; `consistent` says
    whether it preferred the same answer in both orders. `meta["judge"]` holds its verdicts and scores.
    """

    class Source(models.TextChoices):
        HUMAN = "human"
        JUDGE = "judge"
        MODEL_GAP = "model_gap"
        SCORE = "score"
        EDIT = "edit"
        RULES = "rules"
        IMPORT = "import"

    BY_PEOPLE = (Source.HUMAN, Source.EDIT)
    """Sources that are a person's own preference: no judge and no file stands above them."""

    class State(models.TextChoices):
        READY = "ready"
        AGREED = "agreed"
        DISPUTED = "disputed"
        EXPORTABLE = "exportable"
        HELD_BACK = "held_back"

    TRANSITIONS = table(
        ready="agreed disputed exportable held_back",
        agreed="exportable held_back ready",
        disputed="exportable held_back ready",
        exportable="held_back ready",
        held_back="ready exportable",
    )

    project = models.ForeignKey(Project, models.CASCADE, related_name="pairs")
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="pairs")
    chosen = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    rejected = models.ForeignKey(Answer, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source)
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    reason = models.CharField(max_length=60, blank=True, default="")
    margin = models.FloatField(null=True, blank=True)
    rubric = models.CharField(max_length=64, blank=True, default="")
    consistent = models.BooleanField(null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, default="")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="pairs")
    draft = models.OneToOneField(Draft, models.SET_NULL, null=True, blank=True, related_name="pair")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="pairs")
    source_line = models.PositiveBigIntegerField(null=True, blank=True)
    meta: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["project", "state", "id"]),
            models.Index(fields=["project", "content_hash"]),
            models.Index(fields=["run", "state", "id"], name="pairs_of_runs"),
            models.Index(fields=["project", "source", "id"], name="pairs_by_source"),
            # Not for held back pairs alone: SQLite takes no index with a condition for a value that is bound.
            models.Index(fields=["project", "state", "reason", "id"], name="pairs_by_reason"),
        ]


class Look(models.Model):
    """That a person had the names behind answers shown: of one prompt's, or of all of a run. They judge unblinded
    since."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="looks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="looks")
    sample = models.ForeignKey(Sample, models.CASCADE, null=True, blank=True, related_name="looks")
    run = models.ForeignKey(Run, models.CASCADE, null=True, blank=True, related_name="looks")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "sample"], condition=models.Q(sample__isnull=False), name="one_look_per_sample"
            ),
            models.UniqueConstraint(
                fields=["person", "run"], condition=models.Q(run__isnull=False), name="one_look_per_run"
            ),
        ]  # fmt: skip


class Feedback(models.Model):
    """A prompt, a completion and whether it was good. The fields beside them are written as `Sample` writes them.

    Feedback that people gave here names the `sample` that it speaks of, or the `answer` to its prompt.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="feedback")
    sample = models.ForeignKey(Sample, models.SET_NULL, null=True, blank=True, related_name="feedback")
    answer = models.ForeignKey(Answer, models.SET_NULL, null=True, blank=True, related_name="feedback")
    system = models.TextField(blank=True, default="")
    turns: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    prompt = models.TextField()
    input = models.TextField(blank=True, default="")
    steps: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    completion = models.TextField()
    calls: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    tools = models.TextField(blank=True, default="")
    media: models.JSONField[dict[str, list[str]], Any] = models.JSONField(default=dict, blank=True)
    meta: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    good = models.BooleanField()
    language = models.CharField(max_length=10, blank=True, default="")
    tags: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="feedback")
    source_line = models.PositiveBigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, default="")
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "content_hash"])]


class Text(models.Model):
    """One row of pretraining text."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="texts")
    text = models.TextField()
    meta: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10, blank=True, default="")
    tags: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="texts")
    source_line = models.PositiveBigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, default="")
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "content_hash"])]


class Media(models.Model):
    """A file that rows refer to by its `name`, kept outside the repository under its content's hash."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="media")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_medium_per_name")]
        indexes = [models.Index(fields=["project", "content_hash"])]


class MediaUse(models.Model):
    """That a row refers to a medium by this name, whether there is one or not. `sample` or `feedback` is set."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=500)
    sample = models.ForeignKey(Sample, models.CASCADE, null=True, blank=True, related_name="media_uses")
    feedback = models.ForeignKey(Feedback, models.CASCADE, null=True, blank=True, related_name="media_uses")

    class Meta:
        indexes = [models.Index(fields=["project", "name"])]
