"""One request to a checked address and its whole answer, within a number of seconds that nothing can stretch.

Only the standard library, because the web process asks too and stays small. A server that sends its headers a byte a
minute meets the same end as one that says nothing: a watch cuts the line when the time is up.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generation.providers.addresses import AddressRefusedError, Policy, Target, check

LARGEST = 1024 * 1024


class NoAnswerError(Exception):
    """There was no answer to be had. `code` is one of a closed set and says nothing about the network behind it:
    not_allowed, unreachable, timeout, unexpected."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What came back: a status, headers by their lower-case names, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Watch:
    """Cuts the line once `seconds` are over, whatever is being waited for on it."""

    def __init__(self, seconds: float) -> None:
        self.line: socket.socket | None = None
        self.fired = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self.line is not None:
            self.line.close()

    def _cut(self) -> None:
        self.fired = True
        if self.line is not None:
            try:  # the plain method: TLS would want to say goodbye first
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)
            except OSError:
                return


def exchange(
    base_url: str,
    path: str,
    *,
    policy: Policy,
    headers: Mapping[str, str],
    body: bytes | None = None,
    method: str = "",
    seconds: float = 5.0,
    largest: int = LARGEST,
) -> Exchanged:
    """The answer to a GET, or to a POST of `body`, below the base URL. No redirect is followed; `NoAnswerError` within
    `seconds` otherwise."""
    target, places = _checked(base_url, policy)
    prefix = target.url.partition("://")[2].partition("/")[2]
    with _Watch(seconds) as watch:
        try:
            connection = _connected(target, places, seconds, watch)
            verb = method or ("GET" if body is None else "POST")
            connection.request(verb, f"/{prefix}{path}" if prefix else path, body=body, headers=dict(headers))
            response = connection.getresponse()
            raw = _read(response, watch, largest)
        except (OSError, ValueError, http.client.HTTPException) as error:
            if watch.fired or isinstance(error, TimeoutError):
                raise NoAnswerError("timeout") from None
            broken = isinstance(error, http.client.HTTPException) and not isinstance(error, ConnectionError)
            raise NoAnswerError("unexpected" if broken else "unreachable") from None
    return Exchanged(response.status, {name.lower(): value for name, value in response.getheaders()}, raw)


def _checked(base_url: str, policy: Policy) -> tuple[Target, list[str]]:
    """The address with the places that its name led to when it was checked: nothing else is connected to."""
    places: list[str] = []

    def resolve(host: str, port: int) -> Iterable[str]:
        places.extend(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return places

    try:
        target = check(base_url, policy, resolve=resolve)
    except AddressRefusedError as refused:
        raise NoAnswerError("unreachable" if refused.code == "unknown_host" else "not_allowed") from None
    return target, places or [target.host]


def _connected(target: Target, places: list[str], seconds: float, watch: _Watch) -> http.client.HTTPConnection:
    watch.line = socket.create_connection((places[0], target.port), timeout=seconds)
    if target.scheme == "https":
        secured = ssl.create_default_context().wrap_socket(
            watch.line, server_hostname=target.host, do_handshake_on_connect=False
        )
        watch.line = secured
        secured.do_handshake()
    if watch.fired:
        raise TimeoutError
    connection = http.client.HTTPConnection(target.host, target.port, timeout=seconds)
    connection.sock = watch.line
    return connection


def _read(response: http.client.HTTPResponse, watch: _Watch, largest: int) -> bytes:
    pieces, size = [], 0
    while piece := response.read1(64 * 1024):
        pieces.append(piece)
        size += len(piece)
        if size > largest:
            raise NoAnswerError("unexpected")
        if watch.fired:
            raise TimeoutError
    if watch.fired:
        raise TimeoutError
    return b"".join(pieces)
