"""How like two candidates are: by TF-IDF of their texts, or by vectors that were given.

Both answer two questions. `screened` walks rows in an order and takes each that is not too like one taken before: it is
asked of 100,000 rows. `to` gives the likeness of every row to one: novelty is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from generation.quality.diversity.vectors import Vectors, vectors_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BLOCK = 256
_NEARLY = 1e-12
"""Room for rounding: a row's likeness to its own copy is 1, not 0.9999999999999998."""


class Screened(NamedTuple):
    """A row that was looked at. It was taken when `like` is -1; else that is the likest row taken before, and
    `likeness` how like it is (0 for a row that was taken: below the limit nobody measures)."""

    row: int
    likeness: float
    like: int


class Likeness(Protocol):
    """Rows that can be compared."""

    def __len__(self) -> int: ...

    def screened(self, order: Sequence[int], *, limit: float, budget: int) -> Iterator[Screened]:
        """The rows in this order until `budget` are taken; a likeness at the limit is too like."""
        ...

    def to(self, row: int) -> NDArray[np.float64]:
        """The likeness of every row to this one, 0 to 1."""
        ...

    def between(self, rows: Sequence[int]) -> NDArray[np.float64]:
        """The likeness of these rows to each other."""
        ...


class TextLikeness:
    """Cosine of TF-IDF vectors in which a shared term counts by its idf once: with the usual square, rows of one
    pattern with a number or a name of their own would hardly be alike. Exact; screening looks only at rows that share
    a rare term early enough to matter."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.vectors: Vectors = vectors_of(texts, rarity=0.5)
        self._postings: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]] | None = None

    def __len__(self) -> int:
        return len(self.vectors)

    def screened(self, order: Sequence[int], *, limit: float, budget: int) -> Iterator[Screened]:
        """As `Likeness` says. Two rows as like as the limit share a term within the part of each, rarest terms first,
        without which the rest is shorter than the limit (prefix filtering, Bayardo et al., WWW 2007)."""
        index: dict[int, list[int]] = {}
        taken: dict[int, dict[int, float]] = {}
        for row in order:
            if len(taken) >= budget:
                return
            terms, rare = self._prefix(row, limit)
            best, like = 0.0, -1
            for other in {each for term in rare for each in index.get(term, ())}:
                weights = taken[other]
                cosine = sum([weight * weights[term] for term, weight in terms.items() if term in weights])
                if cosine > best or (cosine == best and other < like):
                    best, like = cosine, other
            if best + _NEARLY >= limit:
                yield Screened(row, min(1.0, best), like)
                continue
            taken[row] = terms
            for term in rare:
                index.setdefault(term, []).append(row)
            yield Screened(row, 0.0, -1)

    def to(self, row: int) -> NDArray[np.float64]:
        """As `Likeness` says, by way of the lists of rows in which a term occurs."""
        import numpy as np

        starts, rows, weights = self._by_term()
        low, high = self.vectors.starts[row], self.vectors.starts[row + 1]
        found = np.zeros(len(self))
        for term, weight in zip(
            self.vectors.columns[low:high].tolist(), self.vectors.weights[low:high].tolist(), strict=True
        ):
            listed = slice(starts[term], starts[term + 1])
            found[rows[listed]] += weight * weights[listed]
        return np.clip(found, 0.0, 1.0)

    def between(self, rows: Sequence[int]) -> NDArray[np.float64]:
        """As `Likeness` says."""
        import numpy as np

        return np.array([self.to(row)[list(rows)] for row in rows]).reshape(len(rows), len(rows))

    def _prefix(self, row: int, limit: float) -> tuple[dict[int, float], list[int]]:
        """(the row's terms with their weights, its rarest terms up to where what is left is shorter than the limit)."""
        vectors = self.vectors
        low, high = int(vectors.starts[row]), int(vectors.starts[row + 1])
        columns, weights = vectors.columns[low:high].tolist(), vectors.weights[low:high].tolist()
        spread = vectors.documents[vectors.columns[low:high]].tolist()
        left, most, rare = 1.0, (limit - _NEARLY) ** 2 - 1e-9, []
        for _, column, weight in sorted(zip(spread, columns, weights, strict=True)):
            if left < most:
                break
            rare.append(column)
            left -= weight * weight
        return dict(zip(columns, weights, strict=True)), rare

    def _by_term(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        import numpy as np

        if self._postings is None:
            order = np.argsort(self.vectors.columns, kind="stable")
            starts = np.concatenate(([0], np.cumsum(self.vectors.documents)))
            self._postings = (starts, self.vectors.row_of_each()[order], self.vectors.weights[order])
        return self._postings


class VectorLikeness:
    """Cosine of vectors that were given, one a row (rows x width, any length); a row of zeros is like nothing."""

    def __init__(self, vectors: NDArray[np.float32] | Sequence[Sequence[float]]) -> None:
        import numpy as np

        given = np.asarray(vectors, dtype=np.float32)
        self._rows = given / np.maximum(np.linalg.norm(given, axis=1, keepdims=True), 1e-12)

    def __len__(self) -> int:
        return len(self._rows)

    def screened(self, order: Sequence[int], *, limit: float, budget: int) -> Iterator[Screened]:
        """As `Likeness` says; block by block, so that the work is in products of matrices."""
        import numpy as np

        kept = np.empty((min(budget, len(order)), self._rows.shape[1]), dtype=np.float32)
        names: list[int] = []
        for first in range(0, len(order), _BLOCK):
            block = np.asarray(order[first : first + _BLOCK])
            mine = self._rows[block]
            before = len(names)
            old = mine @ kept[:before].T
            own = mine @ mine.T
            fresh: list[int] = []
            for at, row in enumerate(block.tolist()):
                if len(names) >= budget:
                    return
                best, like = (float(old[at].max()), names[int(old[at].argmax())]) if before else (0.0, -1)
                if fresh and float(own[at, fresh].max()) > best:
                    best, like = float(own[at, fresh].max()), int(block[fresh[int(own[at, fresh].argmax())]])
                if best + 1e-6 >= limit:
                    yield Screened(row, min(1.0, best), like)
                    continue
                kept[len(names)] = mine[at]
                names.append(row)
                fresh.append(at)
                yield Screened(row, 0.0, -1)

    def to(self, row: int) -> NDArray[np.float64]:
        """As `Likeness` says."""
        import numpy as np

        return np.clip((self._rows @ self._rows[row]).astype(float), 0.0, 1.0)

    def between(self, rows: Sequence[int]) -> NDArray[np.float64]:
        """As `Likeness` says."""
        import numpy as np

        some = self._rows[list(rows)]
        return np.clip((some @ some.T).astype(float), 0.0, 1.0)
