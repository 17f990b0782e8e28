"""The Vendi score: how many different texts a set amounts to (Friedman and Dieng 2022, arXiv 2210.02410)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from generation.quality.diversity.distinct import ORDERS, Tokens, ngrams

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


def vendi_of(texts: Sequence[Tokens]) -> float:
    """The score of tokenised texts by the mean cosine of their counts of 1- to 4-grams, as in the paper; for hundreds
    of texts at most: it grows with the cube. A text of fewer tokens than n is one gram by itself."""
    return vendi(gram_likeness(texts))


def gram_likeness(texts: Sequence[Tokens]) -> NDArray[np.float64]:
    """The kernel, n x n; texts without tokens are like nothing but themselves."""
    import numpy as np

    likeness = np.zeros((len(texts), len(texts)))
    for n in ORDERS:
        rows = _rows([Counter(ngrams(tokens, min(n, len(tokens) or 1))) for tokens in texts])
        likeness += rows @ rows.T / len(ORDERS)
    np.fill_diagonal(likeness, 1.0)
    return likeness


def _rows(counts: Sequence[Counter[tuple[str, ...]]]) -> NDArray[np.float64]:
    """Rows of counts brought to length 1, with the columns of grams that two texts share at least."""
    import numpy as np

    spread = Counter(gram for each in counts for gram in each)
    columns = {gram: at for at, gram in enumerate(gram for gram, texts in spread.items() if texts > 1)}
    rows = np.zeros((len(counts), len(columns)))
    for at, each in enumerate(counts):
        length = sum(count * count for count in each.values()) ** 0.5
        for gram, count in each.items():
            if gram in columns:
                rows[at, columns[gram]] = count / length
    return rows
