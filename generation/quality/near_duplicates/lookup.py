"""Which rows share a band: all pairs of a whole set at once, or those of one new text while rows keep coming."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BEFORE = 8
"""Of many rows in one band each is paired with the first of them and with so many before it, not with all."""


def pairs(keys: npt.NDArray[np.uint32], rows: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Pairs (earlier row, later row) that share a band, a batch for each band and distance, in a fixed order.

    `keys` is (rows, bands), `rows` the numbers in rising order of those that take part.
    """
    import numpy as np

    for band in range(keys.shape[1]):
        ordered = (keys[rows, band].astype(np.uint64) << np.uint64(32)) | rows.astype(np.uint64)
        ordered.sort()
        bucket, row = ordered >> np.uint64(32), (ordered & np.uint64(0xFFFFFFFF)).astype(np.int64)
        again = np.concatenate(([False], bucket[1:] == bucket[:-1]))
        if not again.any():
            continue
        crowded = again | np.append(again[1:], False)
        bucket, row, again = bucket[crowded], row[crowded], again[crowded]
        first = np.maximum.accumulate(np.where(again, 0, np.arange(len(row))))
        distance = np.arange(len(row)) - first
        yield np.stack((row[first[again]], row[again]), axis=1)
        for back in range(1, min(BEFORE, int(distance.max()) - 1) + 1):
            far = np.flatnonzero(distance > back)
            yield np.stack((row[far - back], row[far]), axis=1)


class BandLookup:
    """Band -> rows, for rows that come a few at a time. Memory: 12 bytes for each band of a row.

    It is kept as a few sorted arrays; two of like size are merged, so that a row is sorted again log(rows) times.
    """

    def __init__(self) -> None:
        self._parts: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]] = []

    def add(self, keys: npt.NDArray[np.uint32], rows: npt.NDArray[np.int64]) -> None:
        """Takes in the bands (rows, bands) of these rows."""
        import numpy as np

        names, owners = _named(keys).ravel(), np.repeat(rows.astype(np.uint32), keys.shape[1])
        order = np.argsort(names, kind="stable")
        self._parts.append((names[order], owners[order]))
        while len(self._parts) > 1 and len(self._parts[-2][0]) <= 2 * len(self._parts[-1][0]):
            later, earlier = self._parts.pop(), self._parts.pop()
            names, owners = np.concatenate((earlier[0], later[0])), np.concatenate((earlier[1], later[1]))
            order = np.argsort(names, kind="stable")
            self._parts.append((names[order], owners[order]))

    def candidates(self, keys: npt.NDArray[np.uint32], *, most: int) -> list[int]:
        """Rows that share a band with these keys (bands,), those that share most first, of equals the first row."""
        import numpy as np

        names = _named(keys[None, :]).ravel()
        met = []
        for kept, owners in self._parts:
            begins, ends = np.searchsorted(kept, names), np.searchsorted(kept, names, side="right")
            met += [owners[begin:end] for begin, end in zip(begins, ends, strict=True) if end > begin]
        if not met:
            return []
        rows, shared = np.unique(np.concatenate(met), return_counts=True)
        found: list[int] = rows[np.lexsort((rows, -shared))][:most].tolist()
        return found


def _named(keys: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """Each band's key with the band's number before it, so that all bands fit one array."""
    import numpy as np

    return (np.arange(keys.shape[1], dtype=np.uint64) << np.uint64(32)) | keys
