"""Tiers: the best tenth, the best three tenths, all. Views of one order, never a deletion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHARES = (10, 30, 100)


class UnusableShare(ValueError):  # noqa: N818 - the name says what is the matter
    """A tier is a share in percent, over 0 and up to 100."""


@dataclass(frozen=True, slots=True)
class Tier:
    """The first `rows` rows of an ordered selection: `share` percent of them, rounded up."""

    share: float
    rows: int


def tiers(rows: int, *, shares: Iterable[float] = SHARES) -> list[Tier]:
    """The tiers of an order of so many rows, the strictest first; each holds those before it."""
    wanted = sorted(set(shares))
    for share in wanted:
        if not 0 < share <= 100:
            raise UnusableShare(f"{share} is no share in percent")
    return [Tier(share, -(-round(rows * share * 1_000_000) // 100_000_000)) for share in wanted]
