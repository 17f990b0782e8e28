"""Semantic duplicates (SemDeDup, arXiv 2303.09540): rows that mean the same in other words, told by vectors.

Vectors are an argument, wherever they come from (`vectors.py` makes some). They are clustered by k-means, and inside a
cluster a text is a duplicate when its cosine with one that ranks before it is over 1 - epsilon. Which one ranks first
is a choice: the hard one far from the centre (as in NeMo), the easy one near to it, or chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

EPSILON = 0.05
Keep = Literal["hard", "easy", "random"]
_ROUNDS, _MOST_CLUSTERS = 20, 1000
_BLOCK, _COMPARED = 2048, 256


@dataclass(frozen=True, slots=True)
class Twin:
    """A row that means what one ranked before it means, the likest of those, and their cosine."""

    row: int
    like: int
    cosine: float


def twins(
    vectors: npt.NDArray[np.float32], *, seed: int, epsilon: float = EPSILON, keep: Keep = "hard",
    clusters: int | None = None,
) -> list[Twin]:  # fmt: skip
    """Rows to drop by row, each with the likest row ranked before it; `vectors` is (rows, dimensions).

    A row of zeros is like nothing. As many clusters as the square root of the rows, at most 1,000, unless told
    otherwise.

    Memory: the vectors twice, and of the largest cluster the cosines of 256 rows with all others.
    """
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    rows = np.flatnonzero(lengths[:, 0] > 0)
    number = min(len(rows), clusters or min(_MOST_CLUSTERS, max(1, isqrt(len(rows)))))
    if not number:
        return []
    chance = np.random.Generator(np.random.PCG64(seed))
    centres, nearest = k_means(unit[rows], clusters=number, chance=chance)
    found: list[Twin] = []
    for cluster in range(number):
        inside = rows[nearest == cluster]
        if len(inside) > 1:
            order = _ranked(unit[inside] @ centres[cluster], keep=keep, chance=chance)
            found += _dropped(unit, inside[order], epsilon=epsilon)
    return sorted(found, key=lambda each: each.row)


def k_means(
    unit: npt.NDArray[np.float32], *, clusters: int, chance: np.random.Generator
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Centres (clusters, dimensions) of length 1 and each row's cluster, by cosine; begins with rows drawn by chance,
    and ends when nothing moves or after 20 rounds."""
    import numpy as np

    centres = unit[chance.choice(len(unit), size=clusters, replace=False)]
    nearest = _nearest(unit, centres)
    for _round in range(_ROUNDS):
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, unit)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.where(lengths > 0, lengths, 1), centres).astype(np.float32)
        before, nearest = nearest, _nearest(unit, centres)
        if np.array_equal(before, nearest):
            break
    return centres, nearest


def _nearest(unit: npt.NDArray[np.float32], centres: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    import numpy as np

    blocks = [np.argmax(unit[at : at + _BLOCK] @ centres.T, axis=1) for at in range(0, len(unit), _BLOCK)]
    return np.concatenate(blocks).astype(np.int64)


def _ranked(likeness: npt.NDArray[np.float32], *, keep: Keep, chance: np.random.Generator) -> npt.NDArray[np.int64]:
    """Places in the order in which they are kept; of equals the first."""
    import numpy as np

    if keep == "random":
        return chance.permutation(len(likeness))
    return np.argsort(likeness if keep == "hard" else -likeness, kind="stable")


def _dropped(unit: npt.NDArray[np.float32], order: npt.NDArray[np.int64], *, epsilon: float) -> list[Twin]:
    """Of rows in their rank those that are too like one before them, with the likest of these."""
    import numpy as np

    found: list[Twin] = []
    ranked = unit[order]
    for at in range(0, len(order), _COMPARED):
        cosines = ranked[at : at + _COMPARED] @ ranked.T
        cosines[np.arange(len(order)) >= np.arange(at, at + len(cosines))[:, None]] = -1
        likest = cosines.argmax(axis=1)
        for place in np.flatnonzero(cosines.max(axis=1) > 1 - epsilon).tolist():
            cosine = min(1.0, float(cosines[place, likest[place]]))
            found.append(Twin(int(order[at + place]), int(order[likest[place]]), round(cosine, 6)))
    return found
