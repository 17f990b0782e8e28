"""A fixed sample of rows that stream by: the same ids and the same seed give the same sample, in whatever order."""

from __future__ import annotations

from hashlib import blake2b
from heapq import heappush, heapreplace
from typing import Generic, TypeVar

Row = TypeVar("Row")


class Reservoir(Generic[Row]):
    """Keeps the `size` rows whose ids fall lowest under a keyed hash, so that a growing set changes its sample little.

    Memory: `size` rows.
    """

    def __init__(self, *, size: int, random_seed: int) -> None:
        self.size = size
        self._key = str(random_seed).encode()[:64]
        self._heap: list[tuple[int, int, Row]] = []
        self._seen = 0

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def seen(self) -> int:
        """How many rows came by."""
        return self._seen

    def wants(self, name: int) -> int | None:
        """What `take` needs to take the row of this id in; None when it is not in the sample. Counts the row."""
        self._seen += 1
        drawn = int.from_bytes(blake2b(b"%d" % name, key=self._key, digest_size=8).digest())
        return drawn if len(self._heap) < self.size or drawn < -self._heap[0][0] else None

    def wants_still(self, drawn: int) -> bool:
        """Whether a row that `wants` wanted earlier would still be in the sample."""
        return len(self._heap) < self.size or drawn < -self._heap[0][0]

    def take(self, name: int, row: Row, *, drawn: int) -> None:
        """Takes a row in that `wants` wanted; the one that falls highest goes when there is no room."""
        entry = (-drawn, self._seen, row)
        if len(self._heap) < self.size:
            heappush(self._heap, entry)
        else:
            heapreplace(self._heap, entry)

    def rows(self) -> list[Row]:
        """The sample in the order of the draw: its first n are a sample of n."""
        return [row for _, _, row in sorted(self._heap, key=lambda entry: (-entry[0], entry[1]))]
