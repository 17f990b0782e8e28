"""The Vendi score: how many different texts a set amounts to (Friedman and Dieng 2022, arXiv 2210.02410)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generation.quality.diversity.vectors import vectors_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TEXTS = 500


def vendi(likeness: NDArray[np.float64] | Sequence[Sequence[float]]) -> float:
    """exp(-sum of l ln l) over the eigenvalues l of K / n: 1 for n of the same, n for n that share nothing; 0 for none.

    `likeness` is n x n, symmetric, with 1 on the diagonal.
    """
    import numpy as np

    kernel = np.asarray(likeness, dtype=float)
    if not kernel.size:
        return 0.0
    values = np.linalg.eigvalsh(kernel / len(kernel))
    values = values[values > 1e-12]
    return float(np.exp(-(values * np.log(values)).sum()))


def vendi_of(texts: Sequence[str]) -> float:
    """The score of texts by the cosine of their TF-IDF vectors; for at most some hundreds: it grows with the cube."""
    return vendi(vectors_of(texts).cosines())
