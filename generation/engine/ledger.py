"""What the engine asks of whoever keeps its books. The engine imports no models: it is handed a `Ledger`.

A request of an item is named by (step, index); each of its tries on the wire by (step, index, attempt). Every write
names the item and the claim under which it was made, and changes nothing of the item once the claim is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from generation.engine.reuse import EarlierAnswer
from generation.providers.base import Ability
from generation.types import Draft, Reply

NO_REPLY = Reply()


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A try that the journal holds. `speaks` is true for the row that stands for its request, `reused` for one that was
    never sent, because an earlier run had its answer."""

    step: int
    index: int
    attempt: int
    state: str
    speaks: bool
    voided: bool = False
    failure: str = ""
    fingerprint: str = ""
    raw: bytes = b""
    status: int = 200
    reply: Reply = NO_REPLY
    reused: bool = False
    endpoint: int | None = None
    model: str = ""
    reserve: int = 0


@dataclass(frozen=True, slots=True)
class ClaimedItem:
    """One item under a lease. `attempt` fences off whoever held it before."""

    id: int
    stage: str
    wave: int
    number: int
    attempt: int
    random_seed: int
    payload: Mapping[str, Any]
    journal: tuple[StoredCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """How the run stands while it is being drained. `source` is the place of the source in force."""

    state: str
    max_in_flight: int
    source: int = 0


@dataclass(frozen=True, slots=True)
class Try:
    """Names one try on the wire, and the claim under which it is made."""

    item_id: int
    claim: int
    step: int
    index: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Sending:
    """About to go on the wire; committed before the socket is written to. `reserve` is in micro-units.

    `first` is true for the first try of its request. A `planned` one is not sent yet: a batch will carry it.
    """

    call: Try
    stage: str
    fingerprint: str
    request: bytes
    reserve: int
    first: bool = True
    endpoint: int | None = None
    model: str = ""
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Reused:
    """Not sent at all: the answer of an earlier run's call stands for it, and is read next."""

    call: Try
    stage: str
    fingerprint: str
    request: bytes
    answer: EarlierAnswer
    first: bool = True
    endpoint: int | None = None
    model: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """The bytes of an answer, committed before anything reads them."""

    call: Try
    raw: bytes
    status: int
    request_id: str
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read from the bytes, and what it cost (micro-units), in place of the `reserve` taken before.

    `saved` is what a `reused` answer would have cost.
    """

    call: Try
    reply: Reply
    cost: int
    reserve: int
    retried: bool = False
    stage: str = ""
    reused: bool = False
    saved: int = 0
    model: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A try without a usable answer.

    `final` means that the failure speaks for the request; otherwise another try follows and this one is superseded.
    `cost` is what was billed for it; `maybe_billed` says that nobody knows whether the reservation was.
    """

    call: Try
    kind: str
    reserve: int
    detail: str = ""
    raw: bytes = b""
    status: int = 0
    latency_ms: int = 0
    final: bool = True
    maybe_billed: bool = False
    cost: int = 0
    reply: Reply = NO_REPLY
    stage: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """A try that was cut off on the wire: its outcome is unknown and it may have been billed."""

    call: Try
    reserve: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """A try that was announced and then never went on the wire: as if it had not been."""

    call: Try
    reserve: int
    first: bool = True


@dataclass(frozen=True, slots=True)
class Finished:
    """The item's generator ended. `failure` is set when it broke, or when one of its requests failed for good."""

    item: ClaimedItem
    drafts: Sequence[Draft] = ()
    failure: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """The item goes back to the queue, not to be claimed for `wait` seconds."""

    item: ClaimedItem
    wait: float = 0.0


Write = Sending | Reused | Answered | Parsed | Failed | Lost | Unsent | Finished | Released


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a write: `done`, `lost` (the claim is gone), `halted` (the run is no longer running) or
    `over_budget`.

    `reserved` is what the run's calls on the wire hold, where the budget refused.
    """

    word: str = "done"
    reserved: int = 0


DONE = Outcome()
LOST = Outcome("lost")
HALTED = Outcome("halted")


class Ledger(Protocol):
    """The verbs that a drain is handed. All are called from one thread, one at a time."""

    def claim(self, limit: int) -> list[ClaimedItem]:
        """Up to `limit` items under a fresh lease, lowest number first, with their journals."""
        ...

    def earlier(self, endpoint: int | None, model: str, fingerprints: Sequence[str]) -> Mapping[str, EarlierAnswer]:
        """Fingerprint -> what earlier runs were answered by that model there; nothing unless the run may reuse."""
        ...

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """Writes all of it in one transaction and says what became of each."""
        ...

    def renew(self, claims: Mapping[int, int]) -> set[int]:
        """Renews the leases of item id -> claim and returns the ids that are still held."""
        ...

    def flag(self) -> Flag:
        """How the run stands now."""
        ...

    def sweep(self) -> int:
        """Takes back the items of workers that are gone; how many."""
        ...

    def pause(self, reason: str, detail: str) -> None:
        """Pauses the run, unless it is no longer running."""
        ...

    def switch(self, at: int, kind: str, detail: str) -> int:
        """Moves the run from its source `at` to the next, unless somebody did; the place of the one in force."""
        ...

    def learn(self, endpoint: int, model: str, ability: Ability, limits: Mapping[str, int]) -> None:
        """Keeps what was learnt of a model at an endpoint."""
        ...

    def open(self) -> None:
        """Makes the thread's connection ready for a drain; comes before everything else."""
        ...

    def close(self) -> None:
        """Gives the thread's connection back."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard a drain may push, and for how long (seconds)."""

    max_in_flight: int = 16
    deadline: float = 120.0
    slice: float = 90.0
    idle: float = 1.5
    lease: float = 60.0
    grace: float = 8.0
    retries: int = 3
    rate_limit_retries: int = 20
    park_after: float = 5.0
    longest_wait: float = 600.0
    first_backoff: float = 1.0
    batch_wait: float = 2 * 86_400.0


LIMITS = Limits()
