"""Texts as sets of shingles: runs of five words, each CJK character a word, known by hashes that never change.

A shingle is kept as 32 bits of its hash: 600 bytes for a text of 150 words. Two such texts are taken for one shingle
more alike than they are once in 200,000 pairs, which moves their Jaccard by a two-hundredth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from generation.quality.near_duplicates.words import WordHashes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

WORDS = 5
"""Words to a shingle, as in datatrove, text-dedup and the lessons that FDC follows."""

_PAD = b"no word "
_BASE = 0x100000001B3
_SPREAD = 0xFF51AFD7ED558CCD
_WHOLE = 1 << 64


def shingle_sets(texts: Sequence[bytes], *, words: int = WORDS) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The distinct shingles of each text (as `WordHashes.of` has it) in rising order, text behind text, and how many
    each has.

    A text of fewer words than a shingle is one shingle, itself; one without a word has none.
    """
    import numpy as np

    least = 8 * words
    padded = [text + _PAD * (words - len(text) // 8) if 0 < len(text) < least else text for text in texts]
    sizes = np.fromiter(map(len, padded), dtype=np.int64, count=len(padded)) // 8
    flat = np.frombuffer(b"".join(padded), dtype="<u8")
    held = np.maximum(sizes - (words - 1), 0)
    if not held.sum():
        return np.empty(0, np.uint32), held
    hashes = rolling(flat, words=words)[_inside(sizes, held)]
    owner = np.repeat(np.arange(len(padded), dtype=np.uint64), held)
    keyed = np.sort((owner << np.uint64(32)) | (hashes >> np.uint64(32)))
    keyed = keyed[np.concatenate(([True], keyed[1:] != keyed[:-1]))]
    counts = np.bincount((keyed >> np.uint64(32)).astype(np.int64), minlength=len(padded))
    return keyed.astype(np.uint32), counts


def rolling(flat: npt.NDArray[np.uint64], *, words: int) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each run of so many word hashes, in order: len(flat) - words + 1 of them."""
    import numpy as np

    total = len(flat) - words + 1
    if total <= 0:
        return np.empty(0, np.uint64)
    found = np.zeros(total, np.uint64)
    for at in range(words):
        weight = pow(_BASE, words - at, _WHOLE)
        found += flat[at : at + total] * np.uint64(weight)
    found ^= found >> np.uint64(33)
    found *= np.uint64(_SPREAD)
    found ^= found >> np.uint64(29)
    return found


def _inside(sizes: npt.NDArray[np.int64], held: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where the runs begin that do not cross from one text into the next."""
    import numpy as np

    before = np.cumsum(sizes) - sizes
    counted = np.cumsum(held) - held
    return np.arange(int(held.sum())) + np.repeat(before - counted, held)


def overlap(one: npt.NDArray[np.uint32], other: npt.NDArray[np.uint32]) -> float:
    """The Jaccard similarity of two sets in rising order, 0 to 1; of two empty ones 0."""
    import numpy as np

    if not len(one) or not len(other):
        return 0.0
    both = np.concatenate((one, other))
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(both) - shared)


def jaccard(one: str, other: str, *, words: int = WORDS) -> float:
    """The share of two texts' shingles that both have, 0 to 1."""
    hashes = WordHashes()
    values, counts = shingle_sets(hashes.of_each([one, other]), words=words)
    return overlap(values[: counts[0]], values[counts[0] :])
