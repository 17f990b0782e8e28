"""Texts as TF-IDF vectors without a model: what topics and the likeness of selection are made of."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generation.quality.diversity.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_TERMS = 256
"""Terms of a text that are looked at: what a row is about stands at its beginning, and memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Rows of length 1 in compressed form: row r has `columns[starts[r]:starts[r + 1]]` with their `weights`.

    `words` names the columns and `documents` says in how many rows each occurs. An empty text has no column at all and
    is like nothing.
    """

    starts: NDArray[np.int64]
    columns: NDArray[np.int32]
    weights: NDArray[np.float64]
    words: tuple[str, ...]
    documents: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row_of_each(self) -> NDArray[np.int64]:
        """The row of every entry."""
        import numpy as np

        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def dense(self, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """These columns as a full matrix, rows x columns."""
        import numpy as np

        place = np.full(len(self.words), -1)
        place[columns] = np.arange(len(columns))
        at = place[self.columns]
        known = at >= 0
        full = np.zeros((len(self), len(columns)), dtype=np.float32)
        full[self.row_of_each()[known], at[known]] = self.weights[known]
        return full


def vectors_of(texts: Iterable[str], *, rarity: float = 1.0, most_terms: int = MOST_TERMS) -> Vectors:
    """The texts' vectors: (1 + ln tf) times the smoothed idf ln((1 + n) / (1 + df)) + 1, brought to length 1.

    `rarity` is a power of the idf: 1 for what texts are about, 0.5 to let a shared term count by its idf once.
    """
    import numpy as np

    codes: dict[str, int] = {}
    starts, columns, counts = array("q", [0]), array("i"), array("i")
    for text in texts:
        for term, count in Counter(terms(text)[:most_terms]).items():
            columns.append(codes.setdefault(term, len(codes)))
            counts.append(count)
        starts.append(len(columns))
    rows = len(starts) - 1
    at = np.array(columns, dtype=np.int32)
    documents = np.bincount(at, minlength=len(codes))
    weights = (1 + np.log(np.array(counts, dtype=np.float64))) * ((np.log((1 + rows) / (1 + documents)) + 1) ** rarity)[
        at
    ]
    ends = np.array(starts, dtype=np.int64)
    of = np.repeat(np.arange(rows), np.diff(ends))
    norms = np.sqrt(np.bincount(of, weights=weights * weights, minlength=rows))
    return Vectors(ends, at, weights / np.maximum(norms, 1e-12)[of], tuple(codes), documents)
