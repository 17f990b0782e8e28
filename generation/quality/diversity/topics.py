"""Topics without a model: spherical k-means on TF-IDF vectors, named by the terms that set them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING

from generation.quality.diversity.vectors import Vectors, vectors_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TOPICS = 20
_ROUNDS = 30
_NAMED_BY = 4
"""Terms that name a topic."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of texts and the terms that stand out in it; `rows` are places in what was given, the closest first."""

    terms: tuple[str, ...]
    rows: tuple[int, ...]


def topics(texts: Sequence[str], *, random_seed: int, most: int = MOST_TOPICS) -> list[Topic]:
    """The topics from the largest down, at most `most` and about the root of half as many as there are texts.

    Texts that share no term with another are in none. The same texts and seed give the same topics.
    """
    import numpy as np

    vectors = vectors_of(texts)
    full, columns = vectors.dense()
    full = full * _weights(vectors, columns)
    norms = np.linalg.norm(full, axis=1)
    able = np.flatnonzero(norms > 0)
    if not len(able):
        return []
    points = full[able] / norms[able][:, None]
    wanted = max(1, min(most, isqrt(len(able) // 2) or 1))
    centres, nearest, closeness = _k_means(points, wanted, np.random.default_rng(random_seed))
    names = [vectors.words[column] for column in columns.tolist()]
    mean = points.mean(axis=0)
    found = []
    for number in range(len(centres)):
        mine = np.flatnonzero(nearest == number)
        if len(mine):
            rows = able[mine[np.lexsort((mine, -closeness[mine]))]]
            found.append(Topic(_name(centres[number] - mean, names), tuple(rows.tolist())))
    return sorted(found, key=lambda each: (-len(each.rows), each.terms))


def _weights(vectors: Vectors, columns: NDArray[np.int64]) -> NDArray[np.float64]:
    """0 for terms of nearly every other text: what all share makes no topic."""
    import numpy as np

    return np.where(vectors.documents[columns] > max(2, 0.2 * len(vectors)), 0.0, 1.0)


def _k_means(
    points: NDArray[np.float64], wanted: int, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """(centres, the centre of each point, how close it is). Started as k-means++ does; an empty group stays empty."""
    import numpy as np

    chosen = [int(rng.integers(len(points)))]
    far = 1 - points @ points[chosen[0]]
    while len(chosen) < wanted and far.max() > 1e-9:
        odds = np.maximum(far, 0) ** 2
        chosen.append(int(rng.choice(len(points), p=odds / odds.sum())))
        far = np.minimum(far, 1 - points @ points[chosen[-1]])
    centres = points[chosen]
    nearest = np.full(len(points), -1)
    for _ in range(_ROUNDS):
        likeness = points @ centres.T
        before, nearest = nearest, likeness.argmax(axis=1)
        if (before == nearest).all():
            break
        for number in range(len(centres)):
            mine = points[nearest == number]
            if len(mine):
                centre = mine.sum(axis=0)
                centres[number] = centre / max(float(np.linalg.norm(centre)), 1e-12)
    likeness = points @ centres.T
    return centres, likeness.argmax(axis=1), likeness.max(axis=1)


def _name(standing_out: NDArray[np.float64], names: Sequence[str]) -> tuple[str, ...]:
    import numpy as np

    order = np.lexsort((np.arange(len(names)), -standing_out))
    return tuple(names[at] for at in order[:_NAMED_BY].tolist() if standing_out[at] > 0)
