"""Which models a server offers: one GET of its list, to a checked address, with a deadline, a cap and no redirect.

Only the standard library, because the web process asks too and stays small.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterable

from generation.providers.addresses import AddressRefusedError, Policy, Target, check

LARGEST = 1024 * 1024
MOST = 500


class ModelListError(Exception):
    """There is no list to be had. `code` is one of a closed set and says nothing about the network behind it:
    not_allowed, unreachable, timeout, unauthorized, not_found, unexpected."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def list_models(base_url: str, *, policy: Policy, key: str = "", seconds: float = 5.0) -> list[str]:
    """The names of the models at `base_url`, in the server's order; `ModelListError` within `seconds` otherwise."""
    deadline = time.monotonic() + seconds
    target, places = _checked(base_url, policy)
    try:
        with _connected(target, places, seconds) as connection:
            headers = {"Accept": "application/json", **({"Authorization": f"Bearer {key}"} if key else {})}
            path = target.url.partition("://")[2].partition("/")[2]
            connection.request("GET", f"/{path}/models" if path else "/models", headers=headers)
            response = connection.getresponse()
            body = _read(response, deadline)
    except TimeoutError:
        raise ModelListError("timeout") from None
    except (OSError, ValueError):
        raise ModelListError("unreachable") from None
    except http.client.HTTPException:
        raise ModelListError("unexpected") from None
    return _names(response.status, body)


def _checked(base_url: str, policy: Policy) -> tuple[Target, list[str]]:
    """The address with the places that its name led to when it was checked: nothing else is connected to."""
    places: list[str] = []

    def resolve(host: str, port: int) -> Iterable[str]:
        places.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return places

    try:
        target = check(base_url, policy, resolve=resolve)
    except AddressRefusedError as refused:
        raise ModelListError("unreachable" if refused.code == "unknown_host" else "not_allowed") from None
    return target, places or [target.host]


class _Connection(http.client.HTTPConnection):
    """A connection over a socket that is open already."""

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connected(target: Target, places: list[str], seconds: float) -> _Connection:
    opened = socket.create_connection((places[0], target.port), timeout=seconds)
    if target.scheme == "https":
        opened = ssl.create_default_context().wrap_socket(opened, server_hostname=target.host)
    connection = _Connection(target.host, target.port, timeout=seconds)
    connection.sock = opened
    return connection


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    body = b""
    while piece := response.read1(64 * 1024):
        body += piece
        if len(body) > LARGEST:
            raise ModelListError("unexpected")
        if time.monotonic() > deadline:
            raise TimeoutError
    return body


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
