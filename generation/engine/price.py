"""What tokens cost: in tiers by the length of the prompt, cached and thought tokens at prices of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generation.types import Usage

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Tier:
    """Micro-units per million tokens for prompts of more than `above` tokens; a None costs as the rest."""

    input: int
    output: int
    cached: int | None = None
    thinking: int | None = None
    above: int = 0

    def amount(self, usage: Usage) -> int:
        """Millionths of a micro-unit."""
        cached = min(usage.cached_tokens, usage.prompt_tokens)
        thought = min(usage.thinking_tokens, usage.completion_tokens)
        read = (usage.prompt_tokens - cached) * self.input + cached * _or(self.cached, self.input)
        return read + (usage.completion_tokens - thought) * self.output + thought * _or(self.thinking, self.output)

    def most(self, prompt_tokens: int, completion_tokens: int) -> int:
        """The same at its dearest: as if every token were of the kind that costs more."""
        read, written = max(self.input, self.cached or 0), max(self.output, self.thinking or 0)
        return prompt_tokens * read + completion_tokens * written


@dataclass(frozen=True, slots=True)
class Price:
    """The tiers of a model, shortest prompts first; none where the price is not known or nothing is billed.

    `share` is the part of it that is charged: 1 for a call of its own, less through a batch API (in millionths).
    """

    tiers: tuple[Tier, ...] = ()
    share: int = _MILLION

    @classmethod
    def flat(cls, read: int, written: int) -> Price:
        """One tier: micro-units per million tokens read and written."""
        return cls((Tier(read, written),))

    def cost(self, usage: Usage) -> int:
        """Micro-units, rounded up. A prompt is billed whole at the tier that its length falls into."""
        tier = self._tier(usage.prompt_tokens)
        return self._charged(tier.amount(usage)) if tier else 0

    def most(self, prompt_tokens: int, completion_tokens: int) -> int:
        """The most that a call may cost whose prompt has at most so many tokens, and its completion too."""
        reached = [tier.most(tokens, completion_tokens) for tier, tokens in self._reached(prompt_tokens)]
        return self._charged(max(reached, default=0))

    def batched(self, share: int) -> Price:
        """The price of the same calls through a batch API."""
        return replace(self, share=share)

    def _tier(self, prompt_tokens: int) -> Tier | None:
        found = [tier for tier in self.tiers if prompt_tokens > tier.above or not tier.above]
        return found[-1] if found else None

    def _reached(self, prompt_tokens: int) -> Iterator[tuple[Tier, int]]:
        """Every tier that a prompt of at most so many tokens may fall into, with the most tokens it has there."""
        for at, tier in enumerate(self.tiers):
            if prompt_tokens > tier.above or not tier.above:
                longest = self.tiers[at + 1].above if at + 1 < len(self.tiers) else prompt_tokens
                yield tier, min(prompt_tokens, longest)

    def _charged(self, amount: int) -> int:
        return -(-amount * self.share // (_MILLION * _MILLION))


def _or(price: int | None, other: int) -> int:
    return other if price is None else price


NO_PRICE = Price()
