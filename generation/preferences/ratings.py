"""Whole fields rated from many judgements of two: Bradley-Terry by the MM algorithm with intervals, and Elo.

A result is (one, other, won): places of the two, and 1.0 where the first of them won, 0.0 where it lost, 0.5 for a tie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]


Result = tuple[int, int, float]

BASE, SPREAD = 1000.0, 400.0
PRIOR = 0.5
"""Virtual wins in each direction that hold a field together whose results do not."""
_MOST_ROUNDS = 20_000
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Rating:
    """Strengths with geometric mean 1, and the same as Elo-like points: 1000 + 400 · log10 p.

    `lower` and `upper` are the 2.5th and 97.5th percentile of the points over resamples, empty where none were drawn.
    `prior` says that virtual wins were added, because not everybody beat everybody over some way.
    """

    strengths: tuple[float, ...]
    points: tuple[float, ...]
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    prior: bool = False


def bradley_terry(results: Iterable[Result], *, size: int, resamples: int = 0, random_seed: int = 0) -> Rating:
    """The maximum-likelihood strengths of `size` players; a tie is half a win for each. ValueError for no players."""
    if size < 1:
        raise ValueError("no_players")
    counts = Counter((one, other, won) for one, other, won in results if one != other)
    wins = _wins(counts, size)
    strengths = strengths_of(wins)
    points = _points(strengths)
    lower, upper = _intervals(counts, size, resamples, random_seed) if resamples and counts else ((), ())
    return Rating(tuple(map(float, strengths)), points, lower, upper, prior=not connected(wins))


def strengths_of(wins: Matrix) -> Matrix:
    """Strengths from a matrix of wins (row beat column), geometric mean 1; with the prior where it must be."""
    import numpy as np

    if not connected(wins):
        wins = wins + PRIOR * (1 - np.eye(len(wins)))
    met = wins + wins.T
    won = wins.sum(axis=1)
    strengths = np.ones(len(wins))
    for _round in range(_MOST_ROUNDS):
        shares = met / (strengths[:, None] + strengths[None, :])
        np.fill_diagonal(shares, 0.0)
        fresh = won / shares.sum(axis=1) if len(wins) > 1 else strengths
        fresh = fresh / np.exp(np.log(fresh).mean())
        if np.max(np.abs(fresh / strengths - 1)) < _CLOSE:
            return np.asarray(fresh)
        strengths = fresh
    return strengths


def connected(wins: Matrix) -> bool:
    """Whether everybody beat everybody over some way, without which the strengths would be infinite."""
    import numpy as np

    size = len(wins)
    reach = (wins > 0) | np.eye(size, dtype=bool)
    for _step in range(size.bit_length()):
        reach = (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
    return bool(reach.all())


def elo(
    results: Iterable[Result], *, size: int, step: float = 4.0, start: float = BASE, spread: float = SPREAD
) -> tuple[float, ...]:
    """Elo ratings after the results in their order, which matters (K 4, base 10, scale 400, as FastChat has them)."""
    ratings = [start] * size
    for one, other, won in results:
        gain = step * (won - expected(ratings[one], ratings[other], spread=spread))
        ratings[one] += gain
        ratings[other] -= gain
    return tuple(ratings)


def expected(one: float, other: float, *, spread: float = SPREAD) -> float:
    """The share of points that a rating of `one` may expect against `other`."""
    return float(1 / (1 + 10 ** ((other - one) / spread)))


def _wins(counts: Counter[tuple[int, int, float]], size: int) -> Matrix:
    import numpy as np

    wins = np.zeros((size, size))
    for (one, other, won), count in counts.items():
        wins[one, other] += won * count
        wins[other, one] += (1 - won) * count
    return wins


def _points(strengths: Matrix) -> tuple[float, ...]:
    import numpy as np

    return tuple(float(each) for each in BASE + SPREAD * np.log10(strengths))


def _intervals(
    counts: Counter[tuple[int, int, float]], size: int, resamples: int, random_seed: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    import numpy as np

    kinds: Sequence[tuple[int, int, float]] = sorted(counts)
    weights = np.array([counts[kind] for kind in kinds], dtype=float)
    total = int(weights.sum())
    draws = np.random.default_rng(random_seed).multinomial(total, weights / total, size=resamples)
    points = []
    for draw in draws:
        drawn = Counter({kind: int(count) for kind, count in zip(kinds, draw, strict=True) if count})
        points.append(_points(strengths_of(_wins(drawn, size))))
    low, high = np.percentile(np.array(points), [2.5, 97.5], axis=0)
    return tuple(map(float, low)), tuple(map(float, high))
