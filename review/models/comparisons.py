"""Rounds of comparing, and what people are asked in them: which of a prompt's answers is better, or whether one is
good."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from fdc_project.web.states import table
from generation.models import PreferencePair, Project, Sample


class Round(models.Model):
    """Something that people are asked of many prompts: to `choose` between two answers, to `rank` up to nine, or to
    `rate` one as good or bad.

    `overlap` people judge each comparison of the share `overlap_share` (percent, drawn by `random_seed`), one person
    all others. `criteria` are asked beside the choice; `reveal` shows names once a person has voted; `rationale` says
    whether they must write why. `dealt` is who gets what: [{"person", "share", "language", "task_type"}], empty for
    everybody; `chosen` is what the comparisons were made of.
    """

    class Kind(models.TextChoices):
        CHOOSE = "choose"
        RANK = "rank"
        RATE = "rate"

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    class Rationale(models.TextChoices):
        NONE = "none"
        OPTIONAL = "optional"
        REQUIRED = "required"

    TRANSITIONS = table(open="closed", closed="open")

    project = models.ForeignKey(Project, models.CASCADE, related_name="rounds")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CHOOSE)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    guidelines = models.TextField(blank=True, default="")
    criteria: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    rationale = models.CharField(max_length=10, choices=Rationale, default=Rationale.OPTIONAL)
    overlap = models.PositiveSmallIntegerField(default=1)
    overlap_share = models.PositiveSmallIntegerField(default=100)
    reveal = models.BooleanField(default=True)
    dealt: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    chosen: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    random_seed = models.BigIntegerField(default=42)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_round_per_name")]


class Comparison(models.Model):
    """One question of a round: a prompt and the answers to compare, two to nine, or one to rate.

    `pair` is the pair that it is to verify, where it was made of one. `wanted` people are to judge it, `votes` have;
    the votes of different people together make it agreed or disputed, and a dispute is settled by an adjudicator.
    `outcome` is what came out ({"verdict", "ranking", "strength"}), `made` the ids of the pairs that it made
    exportable. `version` grows with every change.
    """

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        DISPUTED = "disputed"
        SETTLED = "settled"
        WITHDRAWN = "withdrawn"

    TRANSITIONS = table(
        open="agreed disputed withdrawn", agreed="open disputed withdrawn", disputed="open agreed settled withdrawn",
        settled="disputed", withdrawn="open",
    )  # fmt: skip

    round = models.ForeignKey(Round, models.CASCADE, related_name="comparisons", db_index=False)
    project = models.ForeignKey(Project, models.CASCADE, related_name="comparisons", db_index=False)
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="comparisons")
    pair = models.ForeignKey(PreferencePair, models.SET_NULL, null=True, blank=True, related_name="comparisons")
    answers: models.JSONField[list[int], list[int]] = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    wanted = models.PositiveSmallIntegerField(default=1)
    votes = models.PositiveSmallIntegerField(default=0)
    outcome: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    made: models.JSONField[list[int], list[int]] = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["round", "state", "id"]),
            models.Index(fields=["project", "state", "id"]),
        ]


class Assignment(models.Model):
    """That a comparison is for this person; one without any is for everybody."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="assignments", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comparison", "person"], name="one_assignment_per_person")]
