"""Votes as counts: what was said of a hundred thousand comparisons is a few dozen different things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from numpy.typing import NDArray


Kind = TypeVar("Kind", bound=Hashable)
Pattern = tuple[int, ...]
"""How many people said each category of one unit: (2, 1, 0) is two for the first and one for the second."""
Cell = tuple[int, int]
"""What two people said of one unit, as places in the list of categories."""


class Counted(Generic[Kind]):
    """Clusters of features, counted: a comparison of two answers is a cluster of one pattern of votes, a ranking of
    four one of six. Features of a cluster stay together when it is resampled."""

    def __init__(self, rows: Iterable[Kind] = ()) -> None:
        self.clusters: Counter[tuple[Kind, ...]] = Counter((row,) for row in rows)

    def add(self, *features: Kind, times: int = 1) -> None:
        """Counts a cluster; one without features is left out."""
        if features:
            self.clusters[tuple(sorted(features))] += times  # type: ignore[type-var]

    def __add__(self, other: Counted[Kind]) -> Counted[Kind]:
        made: Counted[Kind] = Counted()
        made.clusters = self.clusters + other.clusters
        return made

    @property
    def size(self) -> int:
        """How many clusters there are."""
        return self.clusters.total()

    def weighed(self) -> tuple[list[Kind], NDArray[Any], NDArray[Any]]:
        """The F features, how often each of D clusters holds each (D x F), and how often each was seen (D)."""
        import numpy as np

        features = list(dict.fromkeys(feature for cluster in self.clusters for feature in cluster))
        places = {feature: place for place, feature in enumerate(features)}
        matrix = np.zeros((len(self.clusters), len(features)))
        for row, cluster in enumerate(self.clusters):
            for feature in cluster:
                matrix[row, places[feature]] += 1
        return features, matrix, np.array(list(self.clusters.values()), dtype=float)


def pattern_of(said: Iterable[int], *, categories: int) -> Pattern:
    """The pattern of what people said of one unit."""
    counts = [0] * categories
    for each in said:
        counts[each] += 1
    return tuple(counts)


def patterns_of(ratings: Sequence[Sequence[Any]], *, categories: Sequence[Any]) -> Counted[Pattern]:
    """The units of a table with a row for each person and a column for each unit; None is a missing value."""
    places = {category: place for place, category in enumerate(categories)}
    units = zip(*ratings, strict=True)
    return Counted(
        pattern_of((places[value] for value in unit if value is not None), categories=len(places)) for unit in units
    )
