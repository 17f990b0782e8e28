"""One prompt of one item, as all of its tries see it, and one try of it."""

from __future__ import annotations

from dataclasses import dataclass

from generation.engine.budget import reservation
from generation.engine.fingerprint import encode
from generation.engine.journal import Journal
from generation.engine.ledger import ClaimedItem, StoredCall, Try
from generation.engine.source import Source
from generation.providers.base import ABLE, Ability
from generation.types import Prompt

_BYTES_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt of one item, with all that its tries have in common."""

    item: ClaimedItem
    journal: Journal
    step: int
    index: int
    prompt: Prompt
    fingerprint: str

    @property
    def fresh(self) -> bool:
        """Whether the journal knows no try of it."""
        return self.journal.fresh(self.step, self.index)

    @property
    def attempts(self) -> int:
        """The number of its last try."""
        return self.journal.attempts(self.step, self.index)

    def attempt(self, number: int) -> Try:
        """The name of its try `number`."""
        return Try(self.item.id, self.item.attempt, self.step, self.index, number)

    def shot(self, number: int, source: Source, ability: Ability | None = None) -> Shot:
        """Its try `number`, in the form in which `source` takes it."""
        used = ability or source.abilities.now
        body = encode(source.provider.request(self.prompt, source.model, used))
        reserve = reservation(source.price, body, self.prompt, thinking=source.allowance)
        return Shot(self, self.attempt(number), source, used, body, reserve)

    def stored(self, call: StoredCall, source: Source) -> Shot:
        """The try that brought a stored answer. What it held back is what it held back then."""
        return Shot(self, self.attempt(call.attempt), source, ABLE, b"", call.reserve)


@dataclass(frozen=True, slots=True)
class Shot:
    """One try: where it goes, in which form, and what is held back for it."""

    request: Request
    call: Try
    source: Source
    ability: Ability
    body: bytes
    reserve: int

    @property
    def tokens(self) -> int:
        """About how many tokens it will take, for the rate limits."""
        return len(self.body) // _BYTES_PER_TOKEN + self.request.prompt.sampling.max_tokens
