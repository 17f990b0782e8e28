"""The pacer for several worker processes: one account's rates and concurrency live in Redis.

Redis keeps nothing that matters: flushed, the account starts anew; away, each process paces itself as if it were alone,
with its share of the ceiling.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

import redis.asyncio

from generation.engine.pacing import CROWDED, CUT, FEWEST, SUCCESSES_PER_STEP, WINDOW, LocalPacer

log = logging.getLogger("fdc.pacing")

HEARTBEAT = 5.0
_EXPIRY = 3600

_TAKE = """
local now = redis.call('TIME'); now = now[1] + now[2] / 1e6
local a = redis.call('HMGET', KEYS[1], 'request', 'token', 'brake', 'epoch')
local epoch = tonumber(a[4] or 0)
local brake = tonumber(a[3] or 0) - now
if brake > 0 then return {tostring(brake), epoch} end
local per_request, per_call, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local next_token = tonumber(a[2] or 0)
local request_at = math.max(tonumber(a[1] or 0), now) + per_request
local token_at = math.max(next_token, now) + per_call
local wait = 0
if per_request > 0 then wait = math.max(0, request_at - now - math.max(per_request, burst)) end
if per_call > 0 then wait = math.max(wait, math.min(next_token - now, token_at - now - burst)) end
if wait > 0 then return {tostring(wait), epoch} end
redis.call('HSET', KEYS[1], 'request', tostring(request_at), 'token', tostring(token_at))
redis.call('EXPIRE', KEYS[1], ARGV[4])
return {'0', epoch}
"""
"""KEYS: account. ARGV: seconds per request, seconds for this call's tokens, burst, expiry. -> (wait, epoch)."""

_TELL = """
local now = redis.call('TIME'); now = now[1] + now[2] / 1e6
local ceiling, good, bad = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local epoch, wait, refund = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local a = redis.call('HMGET', KEYS[1], 'limit', 'epoch', 'successes', 'seen', 'refused', 'token')
local limit, current = tonumber(a[1] or ceiling), tonumber(a[2] or 0)
local successes = tonumber(a[3] or 0) + good
local seen, refused = tonumber(a[4] or 0) + good + bad, tonumber(a[5] or 0) + bad
local window = tonumber(ARGV[7])
if seen > window then refused = refused * window / seen; seen = window end
limit = math.min(ceiling, limit + math.floor(successes / tonumber(ARGV[8])))
successes = successes % tonumber(ARGV[8])
if bad > 0 and epoch == current and refused >= tonumber(ARGV[9]) and refused >= tonumber(ARGV[10]) * seen then
  limit = math.max(1, limit * tonumber(ARGV[11])); current = current + 1; successes = 0
  redis.call('HSET', KEYS[1], 'brake', tostring(now + wait))
end
if refund ~= 0 then redis.call('HSET', KEYS[1], 'token', tostring(tonumber(a[6] or 0) - refund)) end
redis.call('HSET', KEYS[1], 'limit', tostring(limit), 'epoch', current, 'successes', successes,
  'seen', tostring(seen), 'refused', tostring(refused))
redis.call('EXPIRE', KEYS[1], ARGV[12])
return 1
"""
"""KEYS: account. Takes in what happened since the last time: answers, refusals, and tokens to give back (seconds)."""

_SHARE = """
local now = redis.call('TIME'); now = now[1] + now[2] / 1e6
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
redis.call('ZADD', KEYS[2], now + tonumber(ARGV[2]), ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return {redis.call('HGET', KEYS[1], 'limit') or ARGV[4], redis.call('ZCARD', KEYS[2])}
"""


class SharedPacer:
    """One drain's pacer over an account in Redis; `local` serves while Redis is away."""

    def __init__(
        self, url: str, name: str, *, ceiling: int, rpm: int | None, tpm: int | None, local: LocalPacer
    ) -> None:
        self._store = redis.asyncio.Redis.from_url(url, socket_timeout=2.0, socket_connect_timeout=1.0)
        self._account, self._drains = f"fdc:pace:{name}", f"fdc:pace:{name}:drains"
        self._ceiling = ceiling
        self._per_request = 60.0 / rpm if rpm else 0.0
        self._per_token = 60.0 / tpm if tpm else 0.0
        self._local = local
        self._me = os.urandom(8).hex()
        self._good = self._bad = 0
        self._epoch, self._wait, self._unused = 0, 0.0, 0

    async def admit(self, tokens: int) -> int:
        """Waits for the rates of all workers together. Without rates to keep there is nothing to ask for."""
        if not (self._per_request or self._per_token):
            return await self._local.admit(tokens)
        while True:
            arguments = (self._per_request, self._per_token * tokens, 1.0, _EXPIRY)
            try:
                wait, epoch = await self._run(_TAKE, (self._account,), arguments)
            except redis.RedisError as error:
                log.warning("pacing alone for now: %s", type(error).__name__)
                return await self._local.admit(tokens)
            if float(wait) <= 0:
                return int(epoch)
            await asyncio.sleep(min(float(wait), 1.0))

    def succeeded(self, *, unused_tokens: int) -> None:
        """Kept until the next `share`, so that answers cost no round trip."""
        self._good += 1
        self._unused += unused_tokens
        self._local.succeeded(unused_tokens=unused_tokens)

    def throttled(self, epoch: int, *, retry_after: float) -> None:
        """Kept until the next `share`; this process heeds it at once."""
        self._bad += 1
        self._epoch, self._wait = epoch, max(self._wait, retry_after)
        self._local.throttled(epoch, retry_after=retry_after)

    async def share(self) -> int:
        """Tells what happened since, and takes this drain's part of what all may have on the wire."""
        alone = await self._local.share()
        try:
            await self._tell()
            limit, drains = await self._run(
                _SHARE, (self._account, self._drains), (self._me, HEARTBEAT, _EXPIRY, self._ceiling)
            )
        except redis.RedisError as error:
            log.warning("pacing alone for now: %s", type(error).__name__)
            return alone
        return max(1, min(alone, int(float(limit) / max(1, int(drains)))))

    async def close(self) -> None:
        """Leaves the account to the others."""
        await self._local.close()
        try:
            await self._tell()
            await self._store.zrem(self._drains, self._me)
            await self._store.aclose()
        except redis.RedisError:
            return

    async def _tell(self) -> None:
        if not (self._good or self._bad):
            return
        told = (self._ceiling, self._good, self._bad, self._epoch, self._wait, self._unused * self._per_token)
        self._good = self._bad = self._unused = 0
        self._wait = 0.0
        rules = (WINDOW, SUCCESSES_PER_STEP, FEWEST, CROWDED, CUT, _EXPIRY)
        await self._run(_TELL, (self._account,), (*told, *rules))

    async def _run(self, script: str, keys: tuple[str, ...], arguments: tuple[Any, ...]) -> Any:
        return await self._store.eval(script, len(keys), *keys, *arguments)  # type: ignore[misc]
