"""The verbs of endpoints: making, changing and retiring them, and keeping their keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

from django.db import transaction

from fdc_project import env
from generation import secrets
from generation.actions.audit import audit
from generation.actions.prices import load_prices
from generation.models import Endpoint, Person, Project
from generation.providers.presets import preset

INSTALLED = {
    "openai": ("OPENAI_API_KEY", "OpenAI", "https://api.openai.com/v1", ["gpt-4o-mini", "gpt-4.1-mini", "gpt-5-mini"]),
    "dashscope": (
        "DASHSCOPE_API_KEY",
        "DashScope",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        ["qwen3.7-plus", "qwen3.7-max", "qwen3.6-plus"],
    ),
}
"""Endpoints that appear when the environment names a key: variable, name, address, and models to offer."""


class Changes(TypedDict, total=False):
    """What may be changed of an endpoint besides its key."""

    name: str
    preset: str
    options: dict[str, Any]
    base_url: str
    models_listed: list[str]
    requests_per_minute: int | None
    tokens_per_minute: int | None
    max_in_flight: int
    timeout_seconds: int


class SharedEndpointError(Exception):
    """The endpoint belongs to the whole installation; a project cannot change it."""


def origin(base_url: str) -> str:
    """Scheme, host and port of an address: what a key is bound to besides its row."""
    address = urlsplit(base_url)
    port = address.port or {"https": 443, "http": 80}.get(address.scheme, 0)
    return f"{address.scheme}://{address.hostname or ''}:{port}"


def key_binding(endpoint: Endpoint) -> str:
    """What this endpoint's ciphertext is bound to."""
    return f"endpoint:{endpoint.pk}:{origin(endpoint.base_url)}"


@transaction.atomic
def create_endpoint(
    project: Project,
    *,
    kind: str,
    by: Person,
    now: datetime,
    key: str = "",
    secret: str = "",
    **values: Unpack[Changes],
) -> Endpoint:
    """A new endpoint of the project. The address must have passed `providers.addresses` at the door."""
    if values.get("preset"):
        kind = preset(values["preset"]).kind
    endpoint = Endpoint.objects.create(project=project, kind=kind, created_at=now, **values)
    _note("endpoint.created", endpoint, by=by, now=now, origin=origin(endpoint.base_url))
    if key:
        set_key(endpoint, key=key, secret=secret, by=by, now=now)
    return endpoint


@transaction.atomic
def edit_endpoint(endpoint: Endpoint, *, by: Person, now: datetime, **values: Unpack[Changes]) -> bool:
    """Changes the endpoint. True when its key was dropped, because scheme, host or port are not the same any more."""
    _refuse_shared(endpoint)
    address, before = endpoint.base_url, origin(endpoint.base_url)
    for name, value in values.items():
        setattr(endpoint, name, value)
    if endpoint.preset:
        endpoint.kind = preset(endpoint.preset).kind
    if endpoint.base_url != address:
        endpoint.address_since = now
    dropped = origin(endpoint.base_url) != before and (endpoint.has_key or endpoint.secret_box is not None)
    if dropped:
        endpoint.key_box = endpoint.secret_box = endpoint.key_set_at = None
        endpoint.key_hint = ""
    endpoint.save()
    _note("endpoint.changed", endpoint, by=by, now=now, origin=origin(endpoint.base_url), key_dropped=dropped)
    return dropped


@transaction.atomic
def set_key(endpoint: Endpoint, *, key: str, by: Person, now: datetime, secret: str = "") -> None:
    """Stores a key (and a second secret where the provider has one) as ciphertext; it can never be read back here."""
    _refuse_shared(endpoint)
    bound_to = key_binding(endpoint)
    endpoint.key_box = secrets.seal(key, bound_to=bound_to)
    endpoint.secret_box = secrets.seal(secret, bound_to=f"{bound_to}:secret") if secret else None
    endpoint.key_hint = key[-4:] if len(key) >= 12 else ""
    endpoint.key_set_at = now
    endpoint.save(update_fields=["key_box", "secret_box", "key_hint", "key_set_at"])
    _note("endpoint.key_set", endpoint, by=by, now=now)


@transaction.atomic
def drop_key(endpoint: Endpoint, *, by: Person, now: datetime) -> None:
    """Forgets the stored key."""
    _refuse_shared(endpoint)
    endpoint.key_box = endpoint.secret_box = endpoint.key_set_at = None
    endpoint.key_hint = ""
    endpoint.save(update_fields=["key_box", "secret_box", "key_hint", "key_set_at"])
    _note("endpoint.key_dropped", endpoint, by=by, now=now)


@transaction.atomic
def retire_endpoint(endpoint: Endpoint, *, by: Person, now: datetime) -> None:
    """Takes the endpoint out of use and forgets its key; runs that used it keep its name."""
    _refuse_shared(endpoint)
    endpoint.retired_at = now
    endpoint.key_box = endpoint.secret_box = endpoint.key_set_at = None
    endpoint.key_hint = ""
    endpoint.save(update_fields=["retired_at", "key_box", "secret_box", "key_hint", "key_set_at"])
    _note("endpoint.retired", endpoint, by=by, now=now)


def _note(action: str, endpoint: Endpoint, *, by: Person, now: datetime, **detail: Any) -> None:
    audit(action, by=by, now=now, project=endpoint.project, subject=f"endpoint:{endpoint.pk}", **detail)


def _refuse_shared(endpoint: Endpoint) -> None:
    if endpoint.project_id is None:
        raise SharedEndpointError


@transaction.atomic
def ensure_installation_endpoints(*, now: datetime) -> list[Endpoint]:
    """The endpoints of the whole installation as the environment asks for them now: offline, and one per named key.

    An endpoint whose variable is gone is retired, and comes back with it. Shipped prices are loaded too.
    """
    load_prices()
    kept = [_installed(kind="offline", environment="", name="Offline rules", base_url="", offered=[], now=now)]
    present = env.provider_keys()
    for provider, (variable, name, base_url, offered) in INSTALLED.items():
        if provider in present:
            kept.append(
                _installed(
                    kind="openai_compatible",
                    environment=variable,
                    name=name,
                    base_url=base_url,
                    offered=offered,
                    now=now,
                )
            )
    gone = Endpoint.objects.filter(project=None, retired_at=None).exclude(pk__in=[each.pk for each in kept])
    gone.update(retired_at=now)
    return kept


def _installed(*, kind: str, environment: str, name: str, base_url: str, offered: list[str], now: datetime) -> Endpoint:
    endpoint = Endpoint.objects.filter(project=None, kind=kind, environment=environment).order_by("id").first()
    if endpoint is None:
        return Endpoint.objects.create(
            kind=kind, environment=environment, name=name, base_url=base_url, models_listed=offered, created_at=now
        )
    if endpoint.retired_at is not None:
        endpoint.retired_at = None
        endpoint.save(update_fields=["retired_at"])
    return endpoint
