"""HTTP for providers: the openai client's transport over aiohttp, with our own rules about where and how much.

It connects only to checked addresses, follows nothing, takes no proxy from the environment, sends nothing twice, and
stops reading at a cap. Errors say whether the request may have reached the model.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import aiohttp
import httpx2
from aiohttp.abc import AbstractResolver, ResolveResult

from generation.providers.addresses import AddressRefusedError, Policy, Target, check_ip
from generation.providers.base import ProviderError

LARGEST_REPLY = 12 * 1024 * 1024
CONNECT_SECONDS = 10.0
_HIDDEN = frozenset({"accept-encoding", "connection", "content-length", "transfer-encoding"})
_STALE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class CheckedResolver(AbstractResolver):
    """Resolves one endpoint's name, and hands out addresses only when all of them may be called."""

    def __init__(self, target: Target, policy: Policy) -> None:
        self._target = target
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """See `aiohttp.abc.AbstractResolver`; `AddressRefusedError` when one address is out of bounds."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        results = []
        for kind, _, protocol, _, place in found:
            address = str(place[0])
            check_ip(ipaddress.ip_address(address.partition("%")[0]), self._target, self._policy)
            results.append(
                ResolveResult(
                    hostname=host, host=address, port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
                )
            )
        return results

    async def close(self) -> None:
        """Nothing to close."""


class Transport(httpx2.AsyncBaseTransport):
    """One pooled aiohttp session for one endpoint. Made and closed inside one event loop."""

    def __init__(self, target: Target, policy: Policy) -> None:
        self._connector = aiohttp.TCPConnector(
            limit=0, resolver=CheckedResolver(target, policy), ttl_dns_cache=30, keepalive_timeout=30
        )
        self._session = aiohttp.ClientSession(
            connector=self._connector,
            trust_env=False,
            auto_decompress=True,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, connect=None, sock_connect=CONNECT_SECONDS),
            skip_auto_headers=("User-Agent", "Accept-Encoding"),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request, one response, read to its end; `ProviderError` when there is none."""
        headers = [(name, value) for name, value in request.headers.items() if name not in _HIDDEN]
        try:
            async with self._session.request(
                request.method, str(request.url), data=request.content, headers=headers, allow_redirects=False
            ) as response:
                body = await _read(response)
                return httpx2.Response(response.status, headers=_kept(response), content=body, request=request)
        except AddressRefusedError as refused:
            raise ProviderError("connection", f"address refused: {refused.code}", permanent=True) from None
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            if isinstance(error.__cause__, AddressRefusedError):
                raise ProviderError("connection", "address refused", permanent=True) from None
            raise ProviderError("connection", f"could not connect: {type(error).__name__}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise ProviderError("connection", f"cut off: {type(error).__name__}", maybe_billed=True) from error

    async def aclose(self) -> None:
        """Closes the session and its connections."""
        await self._session.close()


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """The body, decoded, up to the cap."""
    pieces: list[bytes] = []
    size = 0
    async for piece in response.content.iter_any():
        size += len(piece)
        if size > LARGEST_REPLY:
            response.close()
            raise ProviderError("malformed_reply", "the reply is too large", maybe_billed=True)
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _kept(response: aiohttp.ClientResponse) -> list[tuple[str, str]]:
    """The headers, without those that no longer fit the decoded body."""
    return [(name, value) for name, value in response.headers.items() if name.lower() not in _STALE]
