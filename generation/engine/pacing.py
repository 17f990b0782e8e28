"""How fast an endpoint account may be asked: requests and tokens per minute, and how many calls at once.

Both rates are taken in one step or not at all (GCRA, bursts of one second). The number of calls at once adapts: x0.75
when the server throttles, at most once per epoch, and +1 per 25 successes up to the ceiling. A few refusals among many
answers are left to the single call's own wait; only when a good part is refused is the whole account slowed down, or
one throttled call in ten would bring a healthy endpoint to its knees.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

CUT = 0.75
SUCCESSES_PER_STEP = 25
WINDOW = 40
CROWDED = 0.2
"""Share of refusals among the last `WINDOW` outcomes from which the account counts as throttled."""
FEWEST = 3
BURST = 1.0


@dataclass
class Rates:
    """GCRA over two meters at once. Times are seconds of any one clock."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    next_request: float = 0.0
    next_token: float = 0.0

    def take(self, tokens: int, now: float) -> float:
        """0.0 when the call may go now, and both meters have moved; else the seconds to wait, and neither has."""
        per_request = 60.0 / self.requests_per_minute if self.requests_per_minute else 0.0
        per_call = 60.0 * tokens / self.tokens_per_minute if self.tokens_per_minute else 0.0
        request_at = max(self.next_request, now) + per_request
        token_at = max(self.next_token, now) + per_call
        wait = max(0.0, request_at - now - max(per_request, BURST)) if per_request else 0.0
        if per_call:
            wait = max(wait, min(self.next_token - now, token_at - now - BURST))
        if wait > 0:
            return wait
        self.next_request, self.next_token = request_at, token_at
        return 0.0

    def refund(self, tokens: int) -> None:
        """Gives back tokens that were taken and not used; a negative number takes more."""
        if self.tokens_per_minute:
            self.next_token -= 60.0 * tokens / self.tokens_per_minute


@dataclass
class Concurrency:
    """How many calls at once, as the server's answers allow."""

    ceiling: int
    limit: float = 0.0
    epoch: int = 0
    successes: int = 0
    brake_until: float = 0.0
    outcomes: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def __post_init__(self) -> None:
        self.limit = self.limit or float(self.ceiling)

    def succeeded(self) -> None:
        """One more answer; every 25th lets one more call in."""
        self.outcomes.append(True)
        self.successes += 1
        if self.successes >= SUCCESSES_PER_STEP:
            self.successes = 0
            self.limit = min(float(self.ceiling), self.limit + 1)

    def throttled(self, epoch: int, *, retry_after: float, now: float) -> None:
        """One refusal of a call that was let in during `epoch`; a burst of them cuts once."""
        self.outcomes.append(False)
        refused = self.outcomes.count(False)
        if refused < FEWEST or refused < CROWDED * len(self.outcomes) or epoch != self.epoch:
            return
        self.epoch += 1
        self.successes = 0
        self.limit = max(1.0, self.limit * CUT)
        self.brake_until = max(self.brake_until, now + retry_after)


class Pacer(Protocol):
    """What a drain asks before each call, and tells after it."""

    async def admit(self, tokens: int) -> int:
        """Waits until the call may go; the epoch in which it was let in."""
        ...

    def succeeded(self, *, unused_tokens: int) -> None:
        """The call was answered and left so many of its tokens unused."""
        ...

    def throttled(self, epoch: int, *, retry_after: float) -> None:
        """The server refused a call for its rate."""
        ...

    async def share(self) -> int:
        """How many calls this drain may have on the wire now. Ask about once a second."""
        ...

    async def close(self) -> None:
        """This drain has ended; its share goes to the others."""
        ...


class Account:
    """One endpoint account in this process, shared by all drains (each in a thread and loop of its own)."""

    def __init__(self, rates: Rates, concurrency: Concurrency) -> None:
        self.lock = threading.Lock()
        self.rates = rates
        self.concurrency = concurrency
        self.drains: set[int] = set()


class Accounts:
    """The accounts of this process by name; their settings are renewed with each drain."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accounts: dict[str, Account] = {}

    def pacer(
        self, name: str, *, ceiling: int, rpm: int | None, tpm: int | None, clock: Callable[[], float]
    ) -> LocalPacer:
        """A pacer for one drain on the account `name`."""
        with self._lock:
            account = self._accounts.get(name)
            if account is None:
                account = self._accounts[name] = Account(Rates(rpm, tpm), Concurrency(ceiling))
            account.rates.requests_per_minute, account.rates.tokens_per_minute = rpm, tpm
            if account.concurrency.ceiling != ceiling:
                account.concurrency = Concurrency(ceiling)
        return LocalPacer(account, clock)


class LocalPacer:
    """The pacer of one drain, over an account that lives in this process."""

    def __init__(self, account: Account, clock: Callable[[], float]) -> None:
        self._account = account
        self._clock = clock
        account.drains.add(id(self))

    async def admit(self, tokens: int) -> int:
        """Waits for the rates and for the end of a brake."""
        while True:
            now = self._clock()
            with self._account.lock:
                wait = self._account.concurrency.brake_until - now
                if wait <= 0:
                    wait = self._account.rates.take(tokens, now)
                if wait <= 0:
                    return self._account.concurrency.epoch
            await asyncio.sleep(min(wait, 1.0))

    def succeeded(self, *, unused_tokens: int) -> None:
        """Tells the account, and gives back what was reserved and not used."""
        with self._account.lock:
            self._account.concurrency.succeeded()
            self._account.rates.refund(unused_tokens)

    def throttled(self, epoch: int, *, retry_after: float) -> None:
        """Tells the account."""
        with self._account.lock:
            self._account.concurrency.throttled(epoch, retry_after=retry_after, now=self._clock())

    async def share(self) -> int:
        """The account's limit over the drains at work on it."""
        with self._account.lock:
            return max(1, int(self._account.concurrency.limit) // max(1, len(self._account.drains)))

    async def close(self) -> None:
        """Leaves the account."""
        with self._account.lock:
            self._account.drains.discard(id(self))
