"""One prompt of one item, as all of its tries see it."""

from __future__ import annotations

from dataclasses import dataclass

from generation.engine.journal import Journal
from generation.engine.ledger import ClaimedItem, Try
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
    body: bytes
    fingerprint: str
    reserve: int

    @property
    def fresh(self) -> bool:
        """Whether the journal knows no try of it."""
        return self.journal.fresh(self.step, self.index)

    def attempt(self, number: int) -> Try:
        """The name of its try `number`."""
        return Try(self.item.id, self.item.attempt, self.step, self.index, number)

    @property
    def tokens(self) -> int:
        """About how many tokens it will take, for the rate limits."""
        return len(self.body) // _BYTES_PER_TOKEN + self.prompt.sampling.max_tokens
