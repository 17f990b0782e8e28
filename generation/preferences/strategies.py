"""Which of k judged answers form pairs. A tie never does; where chance decides, it is seeded and written down."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from generation.preferences.gate import reaches

Values = Sequence["float | None"]


@dataclass(frozen=True, slots=True)
class Picked:
    """Pairs of places (chosen, rejected), best first. `drawn` are the places between which chance decided, what was
    drawn first in each; `reason` says why there are no pairs: "tie", "too_few", "below_margin"."""

    pairs: tuple[tuple[int, int], ...]
    drawn: tuple[tuple[int, ...], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    """The places in order, best first, equals in an order that chance drew."""

    order: list[int]
    value: Mapping[int, float]
    margin: float
    rng: random.Random
    drawn: list[tuple[int, ...]]

    def pair(self, one: int, other: int) -> list[tuple[int, int]]:
        """The two places as a pair, the better one first; none for a tie."""
        if self.value[one] == self.value[other]:
            return []
        return [(one, other) if self.value[one] > self.value[other] else (other, one)]


def pick(
    strategy: str, values: Values, *, rng: random.Random, least_margin: float = 0.0, most: int | None = None
) -> Picked:
    """The pairs that a strategy makes of answers with these values (None: not judged), `most` of them at most.

    `high_low_model` takes the first answer for the strong model's and the second for the weak one's, whatever the
    values say. `least_margin` is inclusive and matters to `threshold` alone; the gate has its own.
    """
    if strategy == "high_low_model":
        return Picked(((0, 1),)) if len(values) > 1 else Picked((), reason="too_few")
    value = {place: each for place, each in enumerate(values) if each is not None}
    if len(value) < 2:
        return Picked((), reason="too_few")
    if len(set(value.values())) == 1:
        return Picked((), reason="tie")
    order = sorted(value, key=lambda place: -value[place])
    field = _Field(order, value, least_margin, rng, [])
    pairs = STRATEGIES[strategy](field)
    return Picked(tuple(pairs[:most]), tuple(field.drawn), "" if pairs else "below_margin")


def _end(field: _Field, *, best: bool) -> int:
    """The best or the worst place; among equals chance decides, and it is written down."""
    edge = field.value[field.order[0 if best else -1]]
    equals = [place for place in field.order if field.value[place] == edge]
    if len(equals) == 1:
        return equals[0]
    drawn = field.rng.sample(equals, len(equals))
    field.drawn.append(tuple(drawn))
    return drawn[0]


def _all_pairs(field: _Field) -> list[tuple[int, int]]:
    return [pair for one, other in combinations(field.order, 2) for pair in field.pair(one, other)]


def _best_worst(field: _Field) -> list[tuple[int, int]]:
    return [(_end(field, best=True), _end(field, best=False))]


def _best_random(field: _Field) -> list[tuple[int, int]]:
    best = _end(field, best=True)
    others = sorted(place for place in field.order if field.value[place] < field.value[best])
    drawn = field.rng.choice(others)
    if len(others) > 1:
        field.drawn.append((drawn, *(place for place in others if place != drawn)))
    return [(best, drawn)]


def _adjacent(field: _Field) -> list[tuple[int, int]]:
    """Each place with the next worse one; equals stand in an order that chance drew."""
    order: list[int] = []
    for edge in sorted(set(field.value.values()), reverse=True):
        equals = [place for place in field.order if field.value[place] == edge]
        if len(equals) > 1:
            equals = field.rng.sample(equals, len(equals))
            field.drawn.append(tuple(equals))
        order += equals
    return [pair for one, other in pairwise(order) for pair in field.pair(one, other)]


def _best_vs_rest(field: _Field) -> list[tuple[int, int]]:
    best = _end(field, best=True)
    return [pair for place in field.order if place != best for pair in field.pair(best, place)]


def _threshold(field: _Field) -> list[tuple[int, int]]:
    """Every two that differ by the margin or more; exact in decimals, so that 3.4 and 2.9 differ by 0.5."""
    return [
        (better, worse)
        for better, worse in _all_pairs(field)
        if reaches(field.value[better] - field.value[worse], field.margin)
    ]


STRATEGIES: Mapping[str, Callable[[_Field], list[tuple[int, int]]]] = {
    "all_pairs": _all_pairs,
    "best_worst": _best_worst,
    "best_random": _best_random,
    "adjacent": _adjacent,
    "best_vs_rest": _best_vs_rest,
    "threshold": _threshold,
}
