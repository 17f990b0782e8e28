"""Calls to providers: the ledger. What was sent, what came back, what it cost, what may have been billed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from fdc_project.web.states import table
from generation.models.batches import Batch
from generation.models.endpoints import Endpoint
from generation.models.runs import Item, Run


class Call(models.Model):
    """One try of one LLM request on the wire.

    A request is found by (item, step, index); `attempt` counts its tries. A try that was followed by another is
    `superseded`, one that retry-failed took back is `voided`; the row that is neither speaks for the request.
    `fingerprint` is the SHA-256 of provider, model, messages, parameters and sample index. `raw` holds the body as it
    came, before anything parsed it. An answer that comes after all to a try given up as unknown is kept. Costs are
    integer micro-units of the run's currency. `cached_tokens` are part of `prompt_tokens`, `thinking_tokens` of
    `completion_tokens`. A call `reused_from` an earlier run's was never sent: it holds that one's bytes and cost
    nothing.
    `endpoint` and `model` are those that this try was sent to: a run may have moved from one source to the next.
    `batch` is the batch that carries it, where one does.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        SENT = "sent"
        ANSWERED = "answered"
        PARSED = "parsed"
        FAILED = "failed"
        UNKNOWN = "unknown"
        SKIPPED = "skipped"

    TRANSITIONS = table(
        planned="sent skipped",
        sent="answered failed unknown",
        answered="parsed failed",
        unknown="answered",
        parsed="",
        failed="",
        skipped="",
    )

    run = models.ForeignKey(Run, models.CASCADE, related_name="calls")
    item = models.ForeignKey(Item, models.CASCADE, related_name="calls")
    stage = models.CharField(max_length=80)
    endpoint = models.ForeignKey(Endpoint, models.SET_NULL, null=True, related_name="+")
    model = models.CharField(max_length=120, blank=True, default="")
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="calls")
    step = models.PositiveIntegerField()
    index = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    superseded = models.BooleanField(default=False)
    voided = models.BooleanField(default=False)
    failure = models.CharField(max_length=30, blank=True, default="")
    failure_detail = models.TextField(blank=True, default="")
    maybe_billed = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64)
    request: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    raw = models.BinaryField(default=b"")
    text = models.TextField(blank=True, default="")
    thinking = models.TextField(blank=True, default="")
    finish_reason = models.CharField(max_length=30, blank=True, default="")
    model_returned = models.CharField(max_length=160, blank=True, default="")
    status = models.PositiveSmallIntegerField(default=0)
    request_id = models.CharField(max_length=120, blank=True, default="")
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    thinking_tokens = models.PositiveIntegerField(default=0)
    usage_estimated = models.BooleanField(default=False)
    reserved_micro = models.BigIntegerField(default=0)
    cost_micro = models.BigIntegerField(default=0)
    latency_ms = models.PositiveIntegerField(default=0)
    reused_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reuses", db_index=False
    )  # fmt: skip
    sent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "step", "index", "attempt"], name="one_call_per_try"),
            models.UniqueConstraint(
                fields=["item", "step", "index"],
                condition=Q(superseded=False, voided=False),
                name="one_live_call_per_request",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "state"]),
            models.Index(fields=["run", "failure"], condition=~Q(failure=""), name="call_failures"),
            models.Index(fields=["run", "ended_at"]),
            models.Index(
                fields=["fingerprint"], condition=Q(state="parsed", reused_from__isnull=True), name="call_answers"
            ),
            models.Index(fields=["reused_from"], condition=Q(reused_from__isnull=False), name="call_reuses"),
        ]

    @property
    def reused(self) -> bool:
        """Whether an earlier run's call answered it, be that call still there or not: it was never sent."""
        return self.reused_from_id is not None or (self.sent_at is None and self.ended_at is not None)


class Spend(models.Model):
    """What the calls of a run to one template of one model took on one day (UTC), moved with the calls that it sums.

    `calls` counts tries that came home and were settled; what may have been billed is kept by the run alone. `reused`
    counts answers that were taken from earlier runs, `saved_micro` what they would have cost at this run's price.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="spends")
    day = models.DateField()
    stage = models.CharField(max_length=80)
    model = models.CharField(max_length=120, blank=True, default="")
    calls = models.BigIntegerField(default=0)
    tokens_in = models.BigIntegerField(default=0)
    tokens_out = models.BigIntegerField(default=0)
    cached_tokens = models.BigIntegerField(default=0)
    thinking_tokens = models.BigIntegerField(default=0)
    cost_micro = models.BigIntegerField(default=0)
    reused = models.BigIntegerField(default=0)
    saved_micro = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "day", "stage", "model"], name="one_spend_per_day")]
