"""Whether more seeds made the rows more diverse: measured on the rows, by drawing from few seeds and from many."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.quality.diversity.distinct import Tokens, distinct
from generation.quality.diversity.vendi import vendi_of

ROWS = 32
"""Rows of every draw: figures for different numbers of rows do not compare."""
DRAWS = 5


@dataclass(frozen=True, slots=True)
class SeedsPoint:
    """Means over some draws of `rows` rows that come from `seeds` seeds."""

    seeds: int
    rows: int
    distinct_2: float
    vendi: float


def by_seeds(
    texts: Mapping[int, Sequence[Tokens]], *, random_seed: int, rows: int = ROWS, draws: int = DRAWS
) -> list[SeedsPoint]:
    """The diversity of as many rows from 1, 2, 4 ... seeds; numbers of seeds that cannot give the rows are left out.

    `texts` maps a seed to the tokens of its rows.
    """
    rng = random.Random(f"{random_seed}:seeds")
    found = []
    for seeds in _powers(min(rows, len(texts))):
        each = -(-rows // seeds)
        able = sorted(seed for seed, listed in texts.items() if len(listed) >= each)
        if len(able) >= seeds:
            found.append(_point(texts, able, seeds=seeds, rows=rows, draws=draws, rng=rng))
    return found


def _powers(most: int) -> list[int]:
    found, number = [], 1
    while number <= most:
        found.append(number)
        number *= 2
    return found


def _point(
    texts: Mapping[int, Sequence[Tokens]], able: Sequence[int], *, seeds: int, rows: int, draws: int,
    rng: random.Random,
) -> SeedsPoint:  # fmt: skip
    pairs, scores = [], []
    for _ in range(draws):
        some = rng.sample(able, seeds)
        drawn = [rng.sample(list(texts[seed]), -(-rows // seeds)) for seed in some]
        chosen = [row for turn in zip(*drawn, strict=True) for row in turn][:rows]
        pairs.append(distinct(chosen, most_tokens=None).share(2) or 0.0)
        scores.append(vendi_of(chosen))
    return SeedsPoint(seeds, rows, sum(pairs) / draws, sum(scores) / draws)
