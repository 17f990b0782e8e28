"""Shares by quota: what is dealt comes out in the wished shares within rounding, not by luck."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeVar

Value = TypeVar("Value", bound=Hashable)


class Dealer:
    """Deals values to rows in turn and remembers what it dealt; the counts follow from the calls alone."""

    def __init__(self) -> None:
        self._dealt: dict[str, Counter[Hashable]] = {}

    def deal(
        self, what: str, allowed: Sequence[Sequence[Value]], *, shares: Sequence[tuple[Value, float]]
    ) -> list[Value]:
        """A value for each row out of those that it allows: always the one that is furthest behind its share.

        Rows with the least choice are served first, so that the others make up for them.
        """
        counts = self._dealt.setdefault(what, Counter())
        total = counts.total() + len(allowed)
        wanted = {value: share * total for value, share in shares}
        order = {value: place for place, (value, _) in enumerate(shares)}
        found: dict[int, Value] = {}
        for at in sorted(range(len(allowed)), key=lambda row: (len(allowed[row]), row)):
            fitting = [value for value in allowed[at] if wanted.get(value)] or list(allowed[at])
            found[at] = min(fitting, key=lambda value: (counts[value] - wanted.get(value, 0.0), order[value]))
            counts[found[at]] += 1
        return [found[at] for at in range(len(allowed))]


def shuffled(dealt: Sequence[Value], *, allowed: Sequence[Sequence[Value]], rng: random.Random) -> list[Value]:
    """The same values in another order, exchanged only between rows that allow the same."""
    alike: dict[tuple[Value, ...], list[int]] = {}
    for at, values in enumerate(allowed):
        alike.setdefault(tuple(values), []).append(at)
    found = list(dealt)
    for places in alike.values():
        values = [dealt[at] for at in places]
        rng.shuffle(values)
        for at, value in zip(places, values, strict=True):
            found[at] = value
    return found
