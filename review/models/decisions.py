"""Claims and decisions: who holds a row now, and everything that people ever said of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import Project, Sample


class Claim(models.Model):
    """A lease on a subject for one person. Overlap 3 is three slots. Expiry is judged by the database clock."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="claims")
    subject_kind = models.CharField(max_length=10, default="sample")
    subject_id = models.PositiveBigIntegerField()
    slot = models.PositiveSmallIntegerField(default=0)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "slot"], name="one_claim_per_slot")
        ]
        indexes = [models.Index(fields=["person", "project"]), models.Index(fields=["expires_at"])]


class Decision(models.Model):
    """One thing that one person said of a sample; append-only. An undo is a decision too.

    A `drop` is one click on many samples, the remedy of a finding; nobody has read each of them.

    `key` is the idempotency key that the browser made; the same key always gets the first answer, kept in `outcome`.
    `before` holds state, reason, flag and revision as they were, which is what an undo restores.
    """

    class Action(models.TextChoices):
        APPROVE = "approve"
        REJECT = "reject"
        EDIT = "edit"
        SKIP = "skip"
        FLAG = "flag"
        UNFLAG = "unflag"
        UNDO = "undo"
        REOPEN = "reopen"
        RESTORE = "restore"
        DROP = "drop"

    project = models.ForeignKey(Project, models.CASCADE, related_name="decisions")
    sample = models.ForeignKey(Sample, models.CASCADE, related_name="decisions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=60, blank=True, default="")
    note = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    """The sample's version after this decision. Only a skip leaves it as it was."""
    key = models.CharField(max_length=64)
    seconds = models.FloatField(null=True, blank=True)
    before: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    outcome: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    claimed = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="one_decision_per_key"),
            models.UniqueConstraint(
                fields=["sample", "version"], condition=~models.Q(action="skip"), name="one_decision_per_version"
            ),
        ]
        indexes = [
            models.Index(fields=["sample", "person", "action"]),
            models.Index(fields=["project", "person", "-id"]),
        ]
