"""Places dealt evenly: every place as often as any other, and nobody can tell which comes next."""

from __future__ import annotations

import random
from functools import lru_cache


def dealt(turn: int, places: int, *, random_seed: int, what: str) -> int:
    """The place, from 0, of the `turn`-th draw of a run. In every round of `places` draws each place comes up once:
    whenever a run ends, no place is ahead of another by more than one."""
    return _deck(turn // places, places, random_seed, what)[turn % places]


@lru_cache(maxsize=64)
def _deck(number: int, places: int, random_seed: int, what: str) -> tuple[int, ...]:
    order = list(range(places))
    chance = random.Random(f"{random_seed}:{what}:{places}:{number}")
    chance.shuffle(order)
    return tuple(order)
