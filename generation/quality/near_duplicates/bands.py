"""MinHash signatures cut into bands: texts that are alike share a band, texts that are not seldom do.

Broder 1997 (MinHash), Leskovec et al., Mining of Massive Datasets, chapter 3 (bands). With b bands of r rows two texts
of Jaccard s share one with probability 1 - (1 - s^r)^b; what shares one is a candidate and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

PERMUTATIONS = 128
_SURE = 0.94
_STEP = 0x9E3779B97F4A7C15
_BITS = (1 << 64) - 1


class Bands(NamedTuple):
    """How a signature is cut: `number` bands of `rows` values."""

    number: int
    rows: int


def chance(similarity: float, bands: Bands) -> float:
    """The probability that two texts of this Jaccard similarity share a band."""
    return float(1.0 - (1.0 - similarity**bands.rows) ** bands.number)


def bands_for(threshold: float, *, permutations: int = PERMUTATIONS) -> Bands:
    """The longest bands that still find 94 in 100 pairs at exactly the threshold, hence over 95 of those at or above,
    and of these as few as are needed: each value of a signature costs time, each band memory.

    Longer bands give fewer candidates to look at: 16 x 8 at 0.8, 16 x 5 at 0.7.
    """
    cuts = (Bands(number, rows) for rows in range(permutations, 0, -1) for number in range(1, permutations // rows + 1))
    return next((cut for cut in cuts if chance(threshold, cut) >= _SURE), Bands(permutations, 1))


def spread(count: int, *, seed: int) -> list[int]:
    """`count` numbers of 64 bits that follow from the seed alone (SplitMix64), the same in every version of Python."""
    state, found = seed & _BITS, []
    for _ in range(count):
        state = (state + _STEP) & _BITS
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _BITS
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _BITS
        found.append(mixed ^ (mixed >> 31))
    return found


@dataclass(frozen=True, slots=True)
class MinHash:
    """Functions x -> a·x + b over 32 bits, each a permutation because a is odd."""

    multipliers: npt.NDArray[np.uint32]
    offsets: npt.NDArray[np.uint32]

    @classmethod
    def of(cls, seed: int, *, permutations: int = PERMUTATIONS) -> MinHash:
        """The functions that follow from the seed."""
        import numpy as np

        numbers = [number >> 32 for number in spread(2 * permutations, seed=seed)]
        return cls(
            np.array([number | 1 for number in numbers[:permutations]], np.uint32),
            np.array(numbers[permutations:], np.uint32),
        )

    def signatures(self, values: npt.NDArray[np.uint32], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
        """(texts, permutations): for each text the least value of each function over its shingles; it has one."""
        import numpy as np

        if len(counts) == 1:
            moved = values * self.multipliers[:, None] + self.offsets[:, None]
            return np.asarray(moved.min(axis=1, keepdims=True).T)
        starts = np.cumsum(counts) - counts
        found = np.empty((len(self.multipliers), len(counts)), np.uint32)
        moved = np.empty_like(values)
        for number, (multiplier, offset) in enumerate(zip(self.multipliers, self.offsets, strict=True)):
            np.multiply(values, multiplier, out=moved)
            np.add(moved, offset, out=moved)
            np.minimum.reduceat(moved, starts, out=found[number])
        return found.T


def band_keys(signatures: npt.NDArray[np.uint32], *, bands: Bands) -> npt.NDArray[np.uint32]:
    """(texts, bands): each band of each signature as one number of 32 bits; a chance meeting costs one comparison."""
    import numpy as np

    cut = signatures[:, : bands.number * bands.rows].reshape(len(signatures), bands.number, bands.rows)
    mixed = np.zeros((len(signatures), bands.number), np.uint64)
    for at in range(bands.rows):
        mixed = (mixed ^ cut[:, :, at]) * np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(32)
    return mixed.astype(np.uint32)
