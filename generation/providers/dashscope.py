"""DashScope in its own protocol, through its own package.

The package returns errors instead of raising them, follows redirects, tells its server about this machine, and sends a
request a second time, unasked, when a pooled connection is dropped: the first may have been billed. So it is handed a
session of ours, whose one gate lets each request through once, to checked addresses only, and keeps the bytes as they
came; a drop becomes an error that the package does not know how to repeat.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson

from generation.providers import failures
from generation.providers.addresses import AddressRefusedError, Policy, check
from generation.providers.base import ABLE, Ability, Answer, EndpointView, ProviderError
from generation.providers.dashscope_wire import native_body, native_reply
from generation.providers.keys import bearer, headers_for, redacted, without_keys
from generation.providers.transport import LARGEST_REPLY, CheckedResolver
from generation.types import Prompt, Reply

_TALKATIVE = "x-dashscope-sdk"
_LONGEST = 7200
"""Seconds that the package may wait: the engine's own deadline comes first."""


@dataclass
class _Trip:
    """What came back for the request that is under way in this task."""

    body: bytes = b""
    raw: bytes = b""
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)


_trip: ContextVar[_Trip] = ContextVar("dashscope_trip")


class DashScope:
    """One endpoint over one session. Open it inside the event loop that will use it."""

    kind = "dashscope"
    bills = True

    def __init__(self, endpoint: EndpointView, policy: Policy) -> None:
        self._endpoint = endpoint
        self._policy = policy
        self._session: aiohttp.ClientSession | None = None
        self._base = ""

    def request(self, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
        """The body of POST .../text-generation/generation."""
        return native_body(self._endpoint, prompt, model, ability)

    async def send(self, prompt: Prompt, body: bytes, *, random_seed: int) -> Answer:
        """The bytes of an answer; everything else is a `ProviderError` whose words never hold the key."""
        from dashscope.aigc.generation import AioGeneration

        session = self._session or await self._open()
        asked, trip, loop = orjson.loads(body), _Trip(body), asyncio.get_running_loop()
        started = loop.time()
        token = _trip.set(trip)
        try:
            await AioGeneration.call(
                asked["model"], messages=asked["input"]["messages"], api_key=bearer(self._endpoint),
                base_address=self._base, session=session, request_timeout=_LONGEST,
                headers=headers_for(self._endpoint), **asked["parameters"],
            )  # fmt: skip
        except ProviderError as error:
            raise redacted(error, self._endpoint) from None
        except aiohttp.ClientError as error:
            raise ProviderError("connection", type(error).__name__, maybe_billed=True) from None
        except (KeyError, TypeError, ValueError, AttributeError):  # the package could not read what came: `read` judges
            if not trip.status:
                raise
        finally:
            _trip.reset(token)
        if trip.status != 200:
            raise self._refused(trip, seconds=loop.time() - started)
        limits = failures.limits_in(trip.headers)
        return Answer(without_keys(trip.raw, self._endpoint), 200, _request_id(trip.raw), limits)

    def read(self, answer: Answer, prompt: Prompt) -> Reply:
        """The first choice of the output; see `dashscope_wire.native_reply`."""
        return native_reply(answer, prompt)

    async def close(self) -> None:
        """Closes the session and its connections."""
        if self._session is not None:
            await self._session.close()

    async def _open(self) -> aiohttp.ClientSession:
        try:
            target = await asyncio.to_thread(check, self._endpoint.base_url, self._policy)
        except AddressRefusedError as refused:
            raise ProviderError("connection", f"address refused: {refused.code}", permanent=True) from None
        if self._session is None:
            logging.getLogger("dashscope").propagate = False  # it logs every failed request with its traceback
            self._base = target.url
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0, resolver=CheckedResolver(target, self._policy), ttl_dns_cache=30, keepalive_timeout=30
                ),
                trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), middlewares=(_gate,),
            )  # fmt: skip
        return self._session

    def _refused(self, trip: _Trip, *, seconds: float) -> ProviderError:
        error = failures.from_status(
            trip.status, without_keys(trip.raw, self._endpoint), trip.headers,
            seconds=seconds, dashscope=True, now=datetime.now(UTC),
        )  # fmt: skip
        return redacted(error, self._endpoint)


def _request_id(raw: bytes) -> str:
    """DashScope says it in the body."""
    try:
        payload = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return ""
    return str(payload.get("request_id") or "") if isinstance(payload, dict) else ""


async def _gate(
    request: aiohttp.ClientRequest, handler: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]
) -> aiohttp.ClientResponse:
    """One request, once: what goes out says nothing of this machine, and what comes back is kept.

    Every way of failing is a `ProviderError` here, because the package repeats a request on aiohttp's own.
    """
    trip = _trip.get()
    for name in [name for name in request.headers if name.lower().startswith(_TALKATIVE)]:
        request.headers.popall(name, None)
    request.headers["User-Agent"] = "FDC"
    try:
        response = await handler(request)
        pieces, size = [], 0
        async for piece in response.content.iter_any():
            size += len(piece)
            if size > LARGEST_REPLY:
                response.close()
                raise ProviderError("malformed_reply", "the reply is too large", maybe_billed=True)
            pieces.append(piece)
    except AddressRefusedError as refused:
        raise ProviderError("connection", f"address refused: {refused.code}", permanent=True) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        refused_inside = isinstance(error.__cause__, AddressRefusedError)
        words = "address refused" if refused_inside else f"could not connect: {type(error).__name__}"
        raise ProviderError("connection", words, permanent=refused_inside) from None
    except (aiohttp.ClientError, OSError) as error:
        raise ProviderError("connection", f"cut off: {type(error).__name__}", maybe_billed=True) from None
    trip.raw, trip.status = b"".join(pieces), response.status
    trip.headers = {name.lower(): value for name, value in response.headers.items()}
    if 300 <= response.status < 400:
        raise ProviderError("bad_request", f"{response.status}: a redirect", permanent=True, status=response.status)
    response._body = trip.raw  # read already: the package reads it from here
    return response
