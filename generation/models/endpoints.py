"""Where answers come from, and what they cost."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from generation.models.projects import Project


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Endpoints as a project may use them."""

    def usable_in(self, project: Project) -> EndpointQuerySet:
        """The project's own endpoints and those of the whole installation (offline, from the environment)."""
        return self.filter(Q(project=project) | Q(project=None), retired_at=None).order_by("id")


class Endpoint(models.Model):
    """A provider at an address. Without a project it belongs to the installation.

    `key_box` and `secret_box` are ciphertext bound to this row and to scheme, host and port of `base_url`; they are
    write-only. `environment` names the variable whose key is used instead ("OPENAI_API_KEY"); such a key is never
    stored. `address_since` is when `base_url` was last changed: answers from before it came from somewhere else.
    """

    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="endpoints")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    preset = models.CharField(max_length=40, blank=True, default="")
    base_url = models.CharField(max_length=500, blank=True, default="")
    environment = models.CharField(max_length=60, blank=True, default="")
    key_box = models.BinaryField(null=True, editable=False)
    secret_box = models.BinaryField(null=True, editable=False)
    key_hint = models.CharField(max_length=8, blank=True, default="")
    key_set_at = models.DateTimeField(null=True, blank=True)
    models_listed: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True)
    tokens_per_minute = models.PositiveIntegerField(null=True, blank=True)
    max_in_flight = models.PositiveIntegerField(default=16)
    timeout_seconds = models.PositiveIntegerField(default=120)
    options: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    address_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = EndpointQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def offline(self) -> bool:
        """Whether rules answer here and no language model is used."""
        return self.kind == "offline"

    @property
    def has_key(self) -> bool:
        """Whether a key is stored in this row."""
        return self.key_box is not None


class ModelAbility(models.Model):
    """What is known of a model at an endpoint, learnt from its answers and from tests of the connection.

    `json_mode` is the rung of the JSON ladder that works, `omits` the request fields that the server refused. `facts`
    holds what a test found ("usage", "thinking", "logprobs", "latency_ms"), `detected` the limits that headers told.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="abilities")
    model = models.CharField(max_length=120)
    json_mode = models.CharField(max_length=10, blank=True, default="")
    omits: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    facts: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    detected: models.JSONField[dict[str, int], Any] = models.JSONField(default=dict, blank=True)
    learnt_at = models.DateTimeField(null=True, blank=True)
    tested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "model"], name="one_ability_per_model")]


class ModelPrice(models.Model):
    """What a model costs from a day on: `currency` units per million tokens, read and written.

    Without an endpoint it is a shipped price of the provider. A price that people set belongs to their endpoint, so
    that nobody's price moves another project's cap; at an endpoint of the whole installation, to their `project` too.
    `cached_price` is for read tokens that the provider had in its cache, `thinking_price` for written ones that were
    thought and not said; null: as the others. Through a batch API everything costs `batch_share` of it (null: not
    offered). `tiers` are the prices of longer prompts, shortest first: each {"above": tokens, "input", "output"} with
    "cached" and "thinking" where they differ, amounts as strings. A prompt is billed whole at its tier.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True, blank=True, related_name="prices")
    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="prices")
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="USD")
    input_price = models.DecimalField(max_digits=12, decimal_places=4)
    output_price = models.DecimalField(max_digits=12, decimal_places=4)
    cached_price = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    thinking_price = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    batch_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    tiers: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=300, blank=True, default="")
    valid_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "model", "currency", "valid_from"],
                condition=Q(endpoint=None),
                name="one_shipped_price_per_day",
            ),
            models.UniqueConstraint(
                fields=["endpoint", "model", "currency", "valid_from"],
                condition=Q(endpoint__isnull=False, project=None),
                name="one_own_price_per_day",
            ),
            models.UniqueConstraint(
                fields=["endpoint", "project", "model", "currency", "valid_from"],
                condition=Q(endpoint__isnull=False, project__isnull=False),
                name="one_price_per_project_and_day",
            ),
        ]

    def snapshot(self) -> dict[str, Any]:
        """All of it as plain JSON, as a run keeps it."""
        amounts = {name: getattr(self, f"{name}_price") for name in ("input", "output", "cached", "thinking")}
        return {
            "model": self.model, "currency": self.currency, "source": self.source,
            "valid_from": self.valid_from.isoformat(),
            **{name: None if amount is None else str(amount) for name, amount in amounts.items()},
            "batch_share": None if self.batch_share is None else str(self.batch_share), "tiers": list(self.tiers),
        }  # fmt: skip
