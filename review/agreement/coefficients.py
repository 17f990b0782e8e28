"""Percent agreement, Cohen's, Fleiss' and Krippendorff's coefficients over counted votes.

Each is 1 - observed / expected disagreement, and undefined (None) where no disagreement was to be expected: everybody
said the same one thing. `mirror` renames categories: where "first" and "second" are mere names of two answers, each
unit counts half as it is and half renamed, so that what chance would give does not hang on how answers were stored.

Cohen 1960 and 1968, doi:10.1177/001316446002000104; Fleiss 1971, doi:10.1037/h0031619; Krippendorff 2011,
"Computing Krippendorff's Alpha-Reliability".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from review.agreement.counted import Cell, Counted, Kind, Pattern
from review.agreement.intervals import NOTHING, SEED, Estimate, bootstrap, share_of, wilson

if TYPE_CHECKING:
    from review.agreement.intervals import Array

    Disagreement = Callable[[Array], tuple[Array, Array]]

Weights = Literal["none", "linear", "quadratic"]
Level = Literal["nominal", "ordinal", "interval", "ratio"]
_NOTHING_EXPECTED = 1e-12


def percent(units: Counted[Pattern]) -> Estimate:
    """The mean over units of the share of pairs of people who said the same, with a Wilson interval over the units.

    Units with fewer than two votes are left out. For more than two people the interval errs on the wide side.
    """
    import numpy as np

    units = _at_least_two(units)
    if not units.size:
        return NOTHING
    features, clusters, times = units.weighed()
    patterns = np.array(features, dtype=float)
    votes = patterns.sum(1)
    same = (patterns * (patterns - 1)).sum(1) / (votes * (votes - 1))
    weights = times @ clusters
    mean = float(weights @ same / weights.sum())
    return share_of(mean * units.size, units.size)


def cohen(
    cells: Counted[Cell], *, categories: int, weights: Weights = "none", mirror: Sequence[int] = (), seed: int = SEED
) -> Estimate:
    """Cohen's kappa of two people over the units that both judged."""
    import numpy as np

    if not cells.size:
        return NOTHING
    features = cells.weighed()[0]
    tables = np.zeros((len(features), categories, categories))
    for place, (one, other) in enumerate(features):
        tables[place, one, other] += 0.5
        tables[place, mirror[one] if mirror else one, mirror[other] if mirror else other] += 0.5
    apart = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories))).astype(float)
    cost = {"none": (apart > 0).astype(float), "linear": apart, "quadratic": apart**2}[weights]

    def disagreement(counts: Array) -> tuple[Array, Array]:
        shares = np.einsum("rf,fij->rij", counts, tables) / counts.sum(1)[:, None, None]
        expected = np.einsum("ri,rj->rij", shares.sum(2), shares.sum(1))
        return np.asarray((shares * cost).sum((1, 2))), np.asarray((expected * cost).sum((1, 2)))

    return _estimate(cells, disagreement, seed=seed)


def cohen_of(table: Sequence[Sequence[int]], *, weights: Weights = "none") -> Estimate:
    """Cohen's kappa of a square table of counts, the first person's categories down, the second's across."""
    cells: Counted[Cell] = Counted()
    for one, row in enumerate(table):
        for other, count in enumerate(row):
            if count:
                cells.add((one, other), times=count)
    return cohen(cells, categories=len(table), weights=weights)


def fleiss(units: Counted[Pattern], *, mirror: Sequence[int] = (), seed: int = SEED) -> Estimate:
    """Fleiss' kappa over the units that were judged by the most usual number of people, two or more."""
    import numpy as np

    usual = _of_the_usual_number(units)
    if not usual.size:
        return NOTHING
    patterns = np.array(usual.weighed()[0], dtype=float)
    votes = patterns[0].sum()
    shares = (patterns + patterns[:, list(mirror)]) / (2 * votes) if mirror else patterns / votes
    differ = 1 - ((patterns**2).sum(1) - votes) / (votes * (votes - 1))

    def disagreement(counts: Array) -> tuple[Array, Array]:
        total = counts.sum(1)
        marginals = counts @ shares / total[:, None]
        return counts @ differ / total, np.asarray(1 - (marginals**2).sum(1))

    return _estimate(usual, disagreement, seed=seed)


def alpha(
    units: Counted[Pattern], *, level: Level = "nominal", values: Sequence[float] = (), mirror: Sequence[int] = (),
    seed: int = SEED,
) -> Estimate:  # fmt: skip
    """Krippendorff's alpha over the units with at least two votes; people may have judged different ones.

    `values` are the numbers behind the categories for the levels `interval` and `ratio`, in rising order.
    """
    import numpy as np

    units = _at_least_two(units)
    if not units.size:
        return NOTHING
    patterns = np.array(units.weighed()[0], dtype=float)
    pairs = _coincidences(patterns)
    if mirror:
        pairs = (pairs + pairs[:, list(mirror)][:, :, list(mirror)]) / 2

    def disagreement(counts: Array) -> tuple[Array, Array]:
        seen = np.einsum("rf,fij->rij", counts, pairs)
        sums = seen.sum(2)
        total = sums.sum(1)
        apart = _distances(sums, level=level, values=values)
        expected = np.einsum("ri,rj,rij->r", sums, sums, apart) / (total * (total - 1))
        return np.asarray((seen * apart).sum((1, 2)) / total), expected

    return _estimate(units, disagreement, seed=seed)


def pairable(units: Counted[Pattern]) -> int:
    """How many votes there are on units with at least two: Krippendorff's n."""
    return sum(
        times * sum(sum(pattern) for pattern in cluster) for cluster, times in _at_least_two(units).clusters.items()
    )


def _estimate(counted: Counted[Kind], disagreement: Disagreement, *, seed: int) -> Estimate:
    """The coefficient with its interval. Where nobody ever disagreed resampling tells nothing: there the low end is
    what the coefficient would be at the low end of the share of units agreed on."""
    import numpy as np

    _features, clusters, times = counted.weighed()
    observed, expected = disagreement((times @ clusters)[None, :])
    if not expected[0] > _NOTHING_EXPECTED:
        return Estimate(None, None, None, counted.size)
    value = float(1 - observed[0] / expected[0])
    if observed[0] <= _NOTHING_EXPECTED:
        found = wilson(counted.size, counted.size)
        low = 1 - (1 - found[0]) / min(float(expected[0]), 1.0) if found else None
        return Estimate(1.0, max(-1.0, low) if low is not None else None, 1.0, counted.size)

    def statistic(counts: Array) -> Array:
        seen, by_chance = disagreement(counts)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(by_chance > _NOTHING_EXPECTED, 1 - seen / by_chance, np.nan)

    ends = bootstrap(clusters, times, statistic, seed=seed)
    if ends is None or ends[0] == ends[1]:
        return Estimate(value, None, None, counted.size)
    return Estimate(value, *ends, counted.size)


def _coincidences(patterns: Array) -> Array:
    """For each pattern the pairs of values in it (F x k x k), each weighed by 1 / (votes - 1)."""
    import numpy as np

    pairs = patterns[:, :, None] * patterns[:, None, :]
    same = np.arange(patterns.shape[1])
    pairs[:, same, same] -= patterns
    return np.asarray(pairs / (patterns.sum(1) - 1)[:, None, None])


def _distances(sums: Array, *, level: Level, values: Sequence[float]) -> Array:
    """How far apart categories are (R x k x k); for the level `ordinal` that depends on how often each was said."""
    import numpy as np

    rounds, size = sums.shape
    if level == "nominal":
        return np.broadcast_to(1 - np.eye(size), (rounds, size, size))
    if level == "ordinal":
        upto = np.cumsum(sums, 1) - sums / 2
        return np.asarray((upto[:, :, None] - upto[:, None, :]) ** 2)
    numbers = np.array(values, dtype=float)
    apart = np.subtract.outer(numbers, numbers)
    if level == "ratio":
        both = np.add.outer(numbers, numbers)
        apart = np.divide(apart, both, out=np.zeros_like(apart), where=both != 0)
    return np.broadcast_to(apart**2, (rounds, size, size))


def _at_least_two(units: Counted[Pattern]) -> Counted[Pattern]:
    return _only(units, lambda pattern: sum(pattern) > 1)


def _of_the_usual_number(units: Counted[Pattern]) -> Counted[Pattern]:
    """The units with the number of votes that most have, the larger one of two as usual."""
    numbers: Counter[int] = Counter()
    for cluster, times in _at_least_two(units).clusters.items():
        for pattern in cluster:
            numbers[sum(pattern)] += times
    if not numbers:
        return Counted()
    usual = max(numbers, key=lambda votes: (numbers[votes], votes))
    return _only(units, lambda pattern: sum(pattern) == usual)


def _only(units: Counted[Pattern], wanted: Callable[[Pattern], bool]) -> Counted[Pattern]:
    kept: Counted[Pattern] = Counted()
    for cluster, times in units.clusters.items():
        kept.add(*filter(wanted, cluster), times=times)
    return kept
