"""How an endpoint's key travels, and how it is kept out of everything that is written down."""

from __future__ import annotations

from generation.providers.base import EndpointView, ProviderError

_SHORTEST = 8
"""Shorter keys are words like "none" and "ollama", which a text may well contain."""


def bearer(endpoint: EndpointView) -> str:
    """The bearer token: the key, or for Qianfan v2 its two halves put together."""
    if endpoint.secret and not endpoint.key.startswith("bce-v3/"):
        return f"bce-v3/{endpoint.key}/{endpoint.secret}"
    return endpoint.key


def headers_for(endpoint: EndpointView) -> dict[str, str]:
    """The headers besides the key's that the endpoint's server wants to see."""
    told = {"appid": endpoint.options.get("appid"), "X-DashScope-WorkSpace": endpoint.options.get("workspace")}
    return {name: str(value) for name, value in told.items() if value}


def without_keys(body: bytes, endpoint: EndpointView) -> bytes:
    """The bytes with whatever repeats the key blotted out."""
    for key in _secrets(endpoint):
        body = body.replace(key.encode(), b"[key]")
    return body


def redacted(error: ProviderError, endpoint: EndpointView) -> ProviderError:
    """The error, its words and bytes without the key."""
    for key in _secrets(endpoint):
        error.args = tuple(str(each).replace(key, "[key]") for each in error.args)
    error.raw = without_keys(error.raw, endpoint)
    return error


def _secrets(endpoint: EndpointView) -> list[str]:
    """Whole before halves, so that nothing of it is left standing."""
    return [each for each in (bearer(endpoint), endpoint.key, endpoint.secret) if len(each) >= _SHORTEST]
