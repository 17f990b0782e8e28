"""Near-duplicates: MinHash bands find candidates, and the true Jaccard of the shingles decides.

Lee et al. 2022 (arXiv 2107.06499) for why; figures of other tools and ours in `benchmarks/near_duplicates.py`.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from generation.quality.near_duplicates.bands import MinHash, band_keys, bands_for
from generation.quality.near_duplicates.clusters import Cluster, Links
from generation.quality.near_duplicates.lookup import BandLookup, pairs
from generation.quality.near_duplicates.shingles import WORDS, overlap, shingle_sets
from generation.quality.near_duplicates.words import WordHashes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

THRESHOLD = 0.8
_BATCH_TEXTS, _BATCH_BYTES = 512, 1 << 19
_LOOKED_AT = 64
"""Comparisons that may fail for one row, after which it is left alone: a bound for sets that share a long frame."""

Key = TypeVar("Key", bound=Hashable)


class Match(NamedTuple):
    """The closest kept text: the true Jaccard of its shingles (0 to 1) and its key."""

    similarity: float
    key: Hashable


class NearDuplicates(Generic[Key]):
    """Texts of which near-duplicates are told; a function of the texts, their order and the seed alone.

    Memory: 4 bytes for each distinct shingle of a text, 4 for each band (16 at 0.7 and 0.8), and some 30 a row:
    700 bytes for 150 words. `nearest` adds 12 bytes for each band from its first call on.
    """

    def __init__(self, *, threshold: float = THRESHOLD, words: int = WORDS, seed: int = 1) -> None:
        self.threshold = threshold
        self.bands = bands_for(threshold)
        self._words = words
        self._hashes = WordHashes()
        self._functions = MinHash.of(seed, permutations=self.bands.number * self.bands.rows)
        self._keys: list[Key] = []
        self._waiting: list[bytes | str] = []
        self._waiting_bytes = 0
        self._shingles = array("I")
        self._ends = array("Q", [0])
        self._bands = array("I")
        self._lookup: BandLookup | None = None
        self._looked_up = 0

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, key: Key, text: str) -> None:
        """Takes one text in. One without a word is like nothing."""
        self._add(key, text)

    def add_words(self, key: Key, words: bytes) -> None:
        """The same for a text whose words are hashed already (`WordHashes.of`)."""
        self._add(key, words)

    def _add(self, key: Key, text: bytes | str) -> None:
        self._keys.append(key)
        self._waiting.append(text)
        self._waiting_bytes += len(text)
        if len(self._waiting) >= _BATCH_TEXTS or self._waiting_bytes >= _BATCH_BYTES:
            self._settle()

    def nearest(self, text: str, *, counts_as_one: Callable[[Key], bool] = lambda key: True) -> Match | None:
        """The most similar text at or above the threshold, of equals the first; None where there is none.

        `counts_as_one` may refuse a text whatever its similarity; it is asked of those only that would be told.
        Every text is found whose chance to share a band came true: over 95 in 100 of those above the threshold.
        """
        import numpy as np

        self._settle()
        self._keep_lookup()
        values, counts = shingle_sets([self._hashes.of(text)], words=self._words)
        if not len(values) or self._lookup is None:
            return None
        keys = band_keys(self._functions.signatures(values, counts), bands=self.bands)[0]
        best: tuple[float, int] = (0.0, 0)
        least = self.threshold - np.finfo(float).eps
        for row in self._lookup.candidates(keys, most=_LOOKED_AT):
            found = (overlap(values, self._set(row)), -row)
            if found[0] >= least and found > best and counts_as_one(self._keys[row]):
                best = found
        return Match(best[0], self._keys[-best[1]]) if best[0] else None

    def clusters(self, *, linked: Callable[[int, int], bool] = lambda one, other: True) -> list[Cluster[Key]]:
        """Groups of texts linked by a Jaccard at or above the threshold, in the order of their first.

        `linked` may refuse a link between two rows (counted from 0, the earlier first), whatever their similarity.
        """
        return [self._cluster(rows) for rows in self.groups(linked=linked)]

    def groups(self, *, linked: Callable[[int, int], bool] = lambda one, other: True) -> list[list[int]]:
        """The same as numbers of rows, counted from 0 as they were added."""
        import numpy as np

        self._settle()
        links, missed = Links(len(self._keys)), bytearray(len(self._keys))
        ends = np.frombuffer(self._ends, dtype=np.uint64).astype(np.int64)
        sizes = np.diff(ends)
        keys = np.frombuffer(self._bands, dtype=np.uint32).reshape(-1, self.bands.number)
        for batch in pairs(keys, np.flatnonzero(sizes)):
            first, second = sizes[batch[:, 0]], sizes[batch[:, 1]]
            likely = np.minimum(first, second) >= self.threshold * np.maximum(first, second) - 1e-9
            for one, other in links.apart(batch[likely]).tolist():
                if missed[other] >= _LOOKED_AT or links.root(one) == links.root(other):
                    continue
                if self.similarity(one, other) >= self.threshold and linked(one, other):
                    links.join(one, other)
                else:
                    missed[other] += 1
        return links.groups()

    def similarity(self, one: int, other: int) -> float:
        """The true Jaccard of two rows, counted from 0 as they were added."""
        return overlap(self._set(one), self._set(other))

    def _cluster(self, rows: list[int]) -> Cluster[Key]:
        likeness = tuple(1.0 if row == rows[0] else self.similarity(rows[0], row) for row in rows)
        return Cluster(tuple(self._keys[row] for row in rows), likeness)

    def _set(self, row: int) -> npt.NDArray[np.uint32]:
        import numpy as np

        begin, end = self._ends[row], self._ends[row + 1]
        return np.frombuffer(self._shingles[begin:end], dtype=np.uint32)

    def _settle(self) -> None:
        """Takes the texts that wait into the arrays, many at a time because each call of numpy has its price."""
        import numpy as np

        if not self._waiting:
            return
        hashed = iter(self._hashes.of_each([text for text in self._waiting if isinstance(text, str)]))
        texts = [text if isinstance(text, bytes) else next(hashed) for text in self._waiting]
        values, counts = shingle_sets(texts, words=self._words)
        keys = np.zeros((len(counts), self.bands.number), np.uint32)
        if len(values):
            keys[counts > 0] = band_keys(self._functions.signatures(values, counts[counts > 0]), bands=self.bands)
        self._shingles.frombytes(values.tobytes())
        self._bands.frombytes(keys.tobytes())
        self._ends.frombytes((np.cumsum(counts) + self._ends[-1]).astype(np.uint64).tobytes())
        self._waiting, self._waiting_bytes = [], 0

    def _keep_lookup(self) -> None:
        """Brings the lookup of `nearest` up to the last row."""
        import numpy as np

        begun, self._looked_up = self._looked_up, len(self._keys)
        if begun == self._looked_up:
            return
        self._lookup = self._lookup or BandLookup()
        sizes = np.diff(np.frombuffer(self._ends[begun : self._looked_up + 1], dtype=np.uint64).astype(np.int64))
        held = np.flatnonzero(sizes)
        keys = np.frombuffer(self._bands[begun * self.bands.number :], dtype=np.uint32).reshape(-1, self.bands.number)
        if len(held):
            self._lookup.add(keys[held], held + begun)
