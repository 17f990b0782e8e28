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
    stored.
    """

    project = models.ForeignKey(Project, models.CASCADE, null=True, blank=True, related_name="endpoints")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
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


class ModelPrice(models.Model):
    """What a model costs from a day on: `currency` units per million tokens, read and written.

    Without an endpoint it is a shipped price of the provider. A price that people set belongs to their endpoint, so
    that nobody's price moves another project's cap.
    """

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True, blank=True, related_name="prices")
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, default="USD")
    input_price = models.DecimalField(max_digits=12, decimal_places=4)
    output_price = models.DecimalField(max_digits=12, decimal_places=4)
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
                condition=Q(endpoint__isnull=False),
                name="one_own_price_per_day",
            ),
        ]
