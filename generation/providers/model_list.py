"""Which models a server offers: one GET of its list."""

from __future__ import annotations

import json

from generation.providers.addresses import Policy
from generation.providers.exchange import NoAnswerError, exchange

MOST = 500


class ModelListError(NoAnswerError):
    """There is no list to be had. `code` is one of a closed set and says nothing about the network behind it:
    not_allowed, unreachable, timeout, unauthorized, not_found, unexpected."""


def list_models(
    base_url: str, *, policy: Policy, key: str = "", seconds: float = 5.0, headers: dict[str, str] | None = None
) -> list[str]:
    """The names of the models at `base_url`, in the server's order; `ModelListError` within `seconds` otherwise."""
    sent = {"Accept": "application/json", **(headers or {}), **({"Authorization": f"Bearer {key}"} if key else {})}
    try:
        answer = exchange(base_url, "/models", policy=policy, headers=sent, seconds=seconds)
    except NoAnswerError as error:
        raise ModelListError(error.code) from None
    return _names(answer.status, answer.body)


def _names(status: int, body: bytes) -> list[str]:
    if status in (401, 403):
        raise ModelListError("unauthorized")
    if status in (404, 405):
        raise ModelListError("not_found")
    try:
        rows = json.loads(body)["data"] if status == 200 else None
        names = [row["id"] for row in rows[:MOST]] if isinstance(rows, list) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        names = None
    if names is None:
        raise ModelListError("unexpected")
    return [name for name in names if isinstance(name, str) and 0 < len(name) <= 120 and name.isprintable()]
