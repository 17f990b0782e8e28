"""Whether a failed try is followed by another, and when."""

from __future__ import annotations

import random
from dataclasses import dataclass

from generation.engine.ledger import Limits
from generation.providers.base import ProviderError

_LONGEST_BACKOFF = 60.0


@dataclass(frozen=True, slots=True)
class Again:
    """Another try after `wait` seconds."""

    wait: float


def next_try(error: ProviderError, *, failures: int, refusals: int, limits: Limits, rng: random.Random) -> Again | None:
    """When to try again after `error`, or None when it is final.

    `failures` and `refusals` count the tries of this request that failed before, 429s apart. A 429 does not use up the
    request's tries; what the server asks for is honoured, up to `limits.longest_wait`.
    """
    if error.permanent or error.stops_run:
        return None
    if error.kind == "rate_limited":
        if refusals >= limits.rate_limit_retries:
            return None
        if error.retry_after is not None:
            return Again(min(max(error.retry_after, 0.0), limits.longest_wait) + rng.uniform(0, 0.1))
        return Again(_jitter(refusals, limits, rng))
    if failures >= limits.retries:
        return None
    if error.retry_after is not None:
        return Again(min(max(error.retry_after, 0.0), limits.longest_wait))
    return Again(_jitter(failures, limits, rng))


def _jitter(tries: int, limits: Limits, rng: random.Random) -> float:
    """Full jitter, doubling from the first backoff to a minute."""
    return rng.uniform(0, min(_LONGEST_BACKOFF, limits.first_backoff * 2**tries))
