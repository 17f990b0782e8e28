"""Groups of what is linked, first to last, the first of each being the one to keep."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Cluster(Generic[Key]):
    """Texts that belong together in the order in which they came; `similarities` are theirs to the first, which is 1.0.

    A text may be linked to the first over others, and so be less like it than the threshold.
    """

    keys: tuple[Key, ...]
    similarities: tuple[float, ...]

    @property
    def kept(self) -> Key:
        """The one that came first."""
        return self.keys[0]


class Links:
    """Union-find over rows counted from 0; the root of a group is its first row. Memory: 8 bytes a row."""

    def __init__(self, rows: int) -> None:
        self._above = array("q", range(rows))

    def root(self, row: int) -> int:
        """The first row of the group that this row is in."""
        above = self._above
        while above[row] != row:
            above[row] = above[above[row]]
            row = above[row]
        return row

    def apart(self, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Those of the pairs (pairs, 2) whose rows are in different groups."""
        import numpy as np

        above = np.frombuffer(self._above, dtype=np.int64)
        roots = above[pairs]
        while not np.array_equal(roots, higher := above[roots]):
            roots = higher
        return pairs[roots[:, 0] != roots[:, 1]]

    def join(self, one: int, other: int) -> bool:
        """Puts two groups together; False when they were one before."""
        first, second = sorted((self.root(one), self.root(other)))
        self._above[second] = first
        return first != second

    def groups(self) -> list[list[int]]:
        """The groups of two rows and more, each in order, in the order of their first rows."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for row, above in enumerate(self._above):
            if above != row:
                found[self.root(row)].append(row)
        return [[root, *rows] for root, rows in sorted(found.items())]
