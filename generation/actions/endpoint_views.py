"""Endpoints as providers see them, keys opened."""

from __future__ import annotations

from fdc_project import env
from generation import secrets
from generation.actions.endpoints import INSTALLED, key_binding
from generation.models import Endpoint
from generation.providers.base import EndpointView


def endpoint_view(endpoint: Endpoint | None, *, thinking: bool | None = None) -> EndpointView:
    """What a provider needs to reach the endpoint; without one, the offline rules. `SealError` for a damaged key.

    `thinking` is what a run wants; where it wants nothing, the endpoint's own option holds.
    """
    if endpoint is None:
        return EndpointView("offline")
    bound_to = key_binding(endpoint)
    key = _from_environment(endpoint.environment) if endpoint.environment else ""
    if endpoint.key_box is not None:
        key = secrets.unseal(bytes(endpoint.key_box), bound_to=bound_to)
    secret = ""
    if endpoint.secret_box is not None:
        secret = secrets.unseal(bytes(endpoint.secret_box), bound_to=f"{bound_to}:secret")
    options = dict(endpoint.options)
    wanted = options.get("thinking") if thinking is None else thinking
    return EndpointView(
        endpoint.kind, endpoint.base_url, key, secret, float(endpoint.timeout_seconds), endpoint.preset, wanted, options
    )


def account_name(endpoint: Endpoint | None, *, model: str) -> str:
    """What a provider counts its limits by: the endpoint and the model."""
    return f"{endpoint.pk if endpoint else 0}:{model}"


def _from_environment(variable: str) -> str:
    for provider, (name, *_) in INSTALLED.items():
        if name == variable:
            return env.provider_keys().get(provider, "")
    return ""
