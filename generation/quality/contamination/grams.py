"""The runs of words of the evaluation items, to be looked up by the million."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generation.quality.near_duplicates.shingles import rolling

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

COMMON = 10
"""Runs that stand in more items than this are a frame ("choose one of A, B, C or D"), not the item (as in GPT-3)."""
_LEAST_BITS, _MOST_BITS = 16, 26


class Grams:
    """Hashes of all runs of `length` words of some items, with the items that have them.

    Memory: 16 bytes a run, and a table of 16 bytes a run (64 kB to 64 MB) that says no to nearly everything at once.
    """

    def __init__(self, items: Sequence[tuple[int, npt.NDArray[np.uint64]]], *, length: int) -> None:
        import numpy as np

        self.length = length
        runs = [rolling(words, words=length) for _item, words in items]
        owners = np.repeat(np.array([item for item, _words in items], np.int64), [len(each) for each in runs])
        hashes = np.concatenate([*runs, np.empty(0, np.uint64)])
        order = np.lexsort((owners, hashes))
        hashes, owners = hashes[order], owners[order]
        told = _telling(hashes, owners)
        self._hashes, self._owners = hashes[told], owners[told]
        bits = min(_MOST_BITS, max(_LEAST_BITS, (16 * len(self._hashes)).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._may = np.zeros(1 << bits, bool)
        self._may[self._hashes >> self._shift] = True

    def __len__(self) -> int:
        return len(self._hashes)

    @property
    def owners(self) -> set[int]:
        """The items that have a run of their own."""
        return set(self._owners.tolist())

    def met(self, words: npt.NDArray[np.uint64]) -> list[tuple[int, int]]:
        """(place in `words`, item) of every run that stands in both, in order."""
        import numpy as np

        hashes = rolling(words, words=self.length)
        maybe = np.flatnonzero(self._may[hashes >> self._shift])
        if not len(maybe):
            return []
        begins = np.searchsorted(self._hashes, hashes[maybe])
        ends = np.searchsorted(self._hashes, hashes[maybe], side="right")
        return [
            (place, int(self._owners[at]))
            for place, begin, end in zip(maybe.tolist(), begins.tolist(), ends.tolist(), strict=True)
            for at in range(begin, end)
        ]

    def shared(
        self, row: npt.NDArray[np.uint64], item: npt.NDArray[np.uint64]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Where the runs that both have begin, in the row and in the item, frames left out."""
        import numpy as np

        there, here = rolling(item, words=self.length), rolling(row, words=self.length)
        both = np.intersect1d(there, here)
        both = both[np.isin(both, self._hashes)]
        return np.flatnonzero(np.isin(here, both)), np.flatnonzero(np.isin(there, both))


def _telling(hashes: npt.NDArray[np.uint64], owners: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Of runs sorted by hash and owner those to keep: one for each owner, none that stands in over `COMMON` items."""
    import numpy as np

    if not len(hashes):
        return np.empty(0, bool)
    new = np.concatenate(([True], hashes[1:] != hashes[:-1]))
    once = new | np.concatenate(([True], owners[1:] != owners[:-1]))
    group = np.cumsum(new) - 1
    return np.asarray(once & (np.bincount(group, weights=once)[group] <= COMMON))
