"""Shares with their intervals, the test of a fair coin, and the bootstrap over what was counted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


Z95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
RESAMPLES = 1000
SEED = 20260314
_MOST_DRAWS = 4_000_000
_LEAST_DEFINED = 0.5


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval over `n` units. None means undefined, never 0 and never 1."""

    value: float | None
    low: float | None
    high: float | None
    n: int

    def above(self, least: float) -> bool:
        """Whether the figure is known and reaches `least`."""
        return self.value is not None and self.value >= least


NOTHING = Estimate(None, None, None, 0)


def wilson(successes: float, n: int, *, z: float = Z95) -> tuple[float, float] | None:
    """The score interval of a share (Wilson 1927), from 0 to 1; None without any trials.

    Unlike the plain normal interval it does not collapse at 0 and 1, and holds for small n.
    """
    if n <= 0:
        return None
    share, square = successes / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if successes <= 0 else low, 1.0 if successes >= n else high)


def share_of(successes: float, n: int) -> Estimate:
    """A share with its Wilson interval."""
    found = wilson(successes, n)
    return Estimate(successes / n, *found, n) if found else NOTHING


def sign_test(successes: int, n: int) -> float | None:
    """The exact two-sided probability of a split at least as uneven as this one from a fair coin; None without throws.

    Ties are left out by the caller. Summed in logarithms, so that 100,000 throws are fine.
    """
    if n <= 0:
        return None
    fewer = min(successes, n - successes)
    if 2 * fewer == n:
        return 1.0
    logs = [math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) for k in range(fewer + 1)]
    most = max(logs)
    tail = math.fsum(math.exp(each - most) for each in logs)
    return min(1.0, math.exp(most - n * math.log(2) + math.log(2 * tail)))


def mean_of(total: float, squares: float, n: int) -> Estimate:
    """The mean of `n` values with its normal interval, from their sum and the sum of their squares."""
    if not n:
        return NOTHING
    mean = total / n
    if n < 2:
        return Estimate(mean, None, None, n)
    half = Z95 * math.sqrt(max(0.0, squares / n - mean * mean) * n / (n - 1) / n)
    return Estimate(mean, max(-1.0, mean - half), min(1.0, mean + half), n)


def bootstrap(
    clusters: NDArray[Any], times: NDArray[Any], statistic: Callable[[Array], Array], *, seed: int = SEED
) -> tuple[float, float] | None:
    """The 2.5 and 97.5 percentiles of a statistic over resampled clusters; None where it is mostly undefined.

    `clusters` (D x F) says how often each kind of cluster holds each feature, `times` (D) how often the kind was seen;
    `statistic` takes counts of features (R x F) and gives R values, NaN where undefined. Whole clusters are drawn, as
    many as there are, so votes on one comparison stay together; equal clusters are drawn at once, so that the cost does
    not grow with their number.
    """
    import numpy as np

    total = int(times.sum())
    if total < 2:
        return None
    rounds = int(max(100, min(RESAMPLES, _MOST_DRAWS // max(len(times), 1))))
    drawn = np.random.default_rng(seed).multinomial(total, times / times.sum(), size=rounds)
    values = statistic(drawn @ clusters)
    values = values[~np.isnan(values)]
    if len(values) < _LEAST_DEFINED * rounds:
        return None
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
