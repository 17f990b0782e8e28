"""Judgements: everything that people ever said of a comparison."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import Answer, PreferencePair, Project, Sample
from review.models.comparisons import Comparison


class Judgement(models.Model):
    """What one person said of a comparison, and the order in which they saw its answers; an undo is one too.

    `shown` lists answer ids from left to right (top to bottom), `ranking` groups of answer ids, the best first. `left`
    and `right` speak of `shown`. A vote that was taken back is no longer `live`; a person has at most one live vote on
    a comparison, and no `slot` below the number of votes wanted is taken twice. `key` is the idempotency key that the
    browser made; the same key always gets the first answer, kept in `outcome`. `criteria` maps a criterion to a
    verdict.
    """

    class Action(models.TextChoices):
        VOTE = "vote"
        SKIP = "skip"
        UNDO = "undo"
        ADJUDICATE = "adjudicate"

    class Verdict(models.TextChoices):
        LEFT = "left"
        RIGHT = "right"
        TIE = "tie"
        BOTH_BAD = "both_bad"
        RANKED = "ranked"
        GOOD = "good"
        BAD = "bad"

    project = models.ForeignKey(Project, models.CASCADE, related_name="judgements")
    comparison = models.ForeignKey(
        Comparison, models.CASCADE, null=True, blank=True, related_name="judgements", db_index=False
    )
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="judgements")
    pair = models.ForeignKey(PreferencePair, models.CASCADE, null=True, blank=True, related_name="judgements")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="judgements")
    action = models.CharField(max_length=10, choices=Action, default=Action.VOTE)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default="")
    much_better = models.BooleanField(default=False)
    shown: models.JSONField[list[int], Any] = models.JSONField(default=list)
    ranking: models.JSONField[list[list[int]], Any] = models.JSONField(default=list, blank=True)
    criteria: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict, blank=True)
    edit = models.ForeignKey(Answer, models.SET_NULL, null=True, blank=True, related_name="+")
    unblinded = models.BooleanField(default=False)
    note = models.TextField(blank=True, default="")
    live = models.BooleanField(default=True)
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=64)
    seconds = models.FloatField(null=True, blank=True)
    outcome: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    claimed = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_judgement_per_key"),
            models.UniqueConstraint(
                fields=["comparison", "person"], condition=models.Q(action="vote", live=True),
                name="one_live_vote_per_person",
            ),
            models.UniqueConstraint(
                fields=["comparison", "slot"], condition=models.Q(action="vote", live=True),
                name="one_live_vote_per_slot",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["comparison", "person", "action"]),
            models.Index(fields=["project", "person", "-id"]),
        ]
