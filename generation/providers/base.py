"""The seam that every provider is written against. No Django: an endpoint arrives as plain values.

A call has two halves, so that what was paid for is on disk before anything can stumble over it: `send` brings the bytes
home, the engine writes them down, and `read` makes a `Reply` of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson

from generation.types import Prompt, Reply, Usage


@dataclass(frozen=True, slots=True)
class EndpointView:
    """What a provider may know of an endpoint. `key` and `secret` are in clear here and nowhere else.

    `thinking` is what the run wants of models that can think aloud; None leaves them their habit.
    """

    kind: str
    base_url: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    timeout: float = 120.0
    preset: str = ""
    thinking: bool | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ability:
    """What a model at an endpoint is known to do: the rung of the JSON ladder that works, and the request fields that
    its server refused and that are left out since."""

    json_mode: str = "schema"
    omits: frozenset[str] = frozenset()


ABLE = Ability()


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of an answer as they came, with what the transport said about them.

    `limits` are the requests and tokens per minute that its headers told, as far as they did.
    """

    raw: bytes
    status: int = 200
    request_id: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)


class ProviderError(Exception):
    """A call that brought no answer. It carries its own consequence.

    `kind` is one of `generation.types.FAILURES`; `permanent` means that the same request will fail again; `retry_after`
    is what the server asked for, in seconds; `maybe_billed` is true when the request may have reached the model;
    `stops_run` is true when every other call would fail in the same way (key revoked, no credit); `usage` is what was
    billed for nothing, where the server said so; `lacks` names the request field that the server does not take ("json"
    for any way of asking for JSON).
    """

    def __init__(
        self,
        kind: str,
        message: str = "",
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        maybe_billed: bool = False,
        stops_run: bool = False,
        raw: bytes = b"",
        status: int = 0,
        usage: Usage | None = None,
        lacks: str = "",
    ) -> None:
        super().__init__(message or kind)
        self.kind = kind
        self.permanent = permanent
        self.retry_after = retry_after
        self.maybe_billed = maybe_billed
        self.stops_run = stops_run
        self.raw = raw
        self.status = status
        self.usage = usage
        self.lacks = lacks


class Provider(Protocol):
    """A source of answers. One object lives in one event loop, over one pooled client, until `close`."""

    kind: str
    bills: bool
    """Whether its answers cost tokens and money. The offline provider's do not."""

    def request(self, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
        """The request as plain JSON, exactly as `send` would put it on the wire; it never holds a key."""
        ...

    async def send(self, prompt: Prompt, body: bytes, *, random_seed: int) -> Answer:
        """One answer to the encoded request `body`; `ProviderError` when there is none. Never retries by itself and
        never follows a redirect."""
        ...

    def read(self, answer: Answer, prompt: Prompt) -> Reply:
        """The reply in the answer's bytes; `ProviderError` when there is none, with the usage that was billed."""
        ...

    async def close(self) -> None:
        """Gives the connections back."""
        ...


async def complete(provider: Provider, prompt: Prompt, model: str, *, random_seed: int) -> Reply:
    """One request outside of any run (a test of a connection): sent and read, and nothing is written down."""
    body = orjson.dumps(provider.request(prompt, model))
    return provider.read(await provider.send(prompt, body, random_seed=random_seed), prompt)
