"""How far rankings agree: Kendall's tau of two, Kendall's W of several, ties allowed in both."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations


def ranks_of(groups: Sequence[Sequence[int]]) -> dict[int, float]:
    """The rank of each thing in groups from best to worst; those of one group share the mean of their ranks."""
    ranks: dict[int, float] = {}
    before = 0
    for group in groups:
        ranks |= dict.fromkeys(group, before + (len(group) + 1) / 2)
        before += len(group)
    return ranks


def tau(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Kendall's tau-b of two lists of ranks; None where one of them ties everything (Kendall 1945)."""
    order = tied_one = tied_other = 0
    pairs = 0
    for (a, b), (c, d) in combinations(zip(one, other, strict=True), 2):
        pairs += 1
        tied_one += a == c
        tied_other += b == d
        order += (a > c) - (a < c) if b > d else (a < c) - (a > c) if b < d else 0
    most = math.sqrt((pairs - tied_one) * (pairs - tied_other))
    return order / most if most else None


def concordance(rankings: Sequence[Sequence[float]]) -> float | None:
    """Kendall's W of several people's ranks of the same things, from 0 to 1; None for fewer than two people, or where
    everybody tied everything (Kendall and Babington Smith 1939, corrected for ties)."""
    people = len(rankings)
    size = len(rankings[0]) if rankings else 0
    if people < 2 or size < 2:
        return None
    sums = [sum(ranks) for ranks in zip(*rankings, strict=True)]
    mean = sum(sums) / size
    spread = sum((each - mean) ** 2 for each in sums)
    ties = sum(count**3 - count for ranks in rankings for count in Counter(ranks).values())
    most = people**2 * (size**3 - size) - people * ties
    return 12 * spread / most if most > 0 else None


def said_of_pairs(ranks: Sequence[float]) -> list[int]:
    """What a ranking says of each two of its things, in order: 0 the first is better, 1 the second, 2 a tie."""
    return [0 if a < b else 1 if a > b else 2 for a, b in combinations(ranks, 2)]
