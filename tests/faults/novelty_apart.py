"""Novelty decided a second time, by other means: another tokenizer, no index, no bound, every pair of texts.

Texts become strings of code points, one for each word; rapidfuzz counts the LCS of one against all kept ones. Where a
decision lies within one word of the threshold, a plain table of dynamic programming counts it again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import regex
from rapidfuzz import process
from rapidfuzz.distance import LCSseq

_WORDS = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]|(?:(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}_])[\p{L}\p{M}\p{N}])+"
)
_BLOCK = 256
_FIRST_CODE = 0x10000  # beyond the surrogates: every code point from here is one character


class Apart:
    """Decides for each text of a stream whether it is novel, and keeps it where it is."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.kept: list[str] = []
        self.ties = 0

    def decisions(self, texts: Iterable[str]) -> Iterator[bool]:
        """One decision for each text, in order."""
        waiting: list[str] = []
        for text in texts:
            waiting.append(self._encoded(text))
            if len(waiting) == _BLOCK:
                yield from self._block(waiting)
                waiting = []
        yield from self._block(waiting)

    def _block(self, block: Sequence[str]) -> Iterator[bool]:
        """Against all that was kept before the block at once, then against what the block itself keeps."""
        before = len(self.kept)
        table = process.cdist(block, self.kept, scorer=LCSseq.similarity, dtype=np.int32) if before else None
        for at, mine in enumerate(block):
            lengths = np.fromiter((len(each) for each in self.kept), dtype=np.int64)
            found = [table[at]] if table is not None else []
            new = [LCSseq.similarity(mine, other) for other in self.kept[before:]]
            common = np.concatenate([*found, np.array(new, dtype=np.int32)])
            over = 20 * common.astype(np.int64) - 7 * (lengths + len(mine))
            self._look_closely(mine, over)
            novel = not bool((over > 0).any())
            if novel:
                self.kept.append(mine)
            yield novel

    def _look_closely(self, mine: str, over: np.ndarray) -> None:
        """Counts every pair within one word of the threshold again, by the table of the textbook."""
        for row in np.flatnonzero(np.abs(over) <= 20)[:3]:
            other = self.kept[row]
            self.ties += 1
            assert 20 * plain_lcs(mine, other) - 7 * (len(mine) + len(other)) == over[row]

    def _encoded(self, text: str) -> str:
        words = _WORDS.findall(unicodedata.normalize("NFKC", text).lower())
        return "".join(chr(self._codes.setdefault(word, _FIRST_CODE + len(self._codes))) for word in words)


def plain_lcs(one: str, other: str) -> int:
    """The length of the longest common subsequence, cell by cell."""
    row = [0] * (len(other) + 1)
    for sign in one:
        before = 0
        for at, their in enumerate(other, 1):
            before, row[at] = row[at], before + 1 if sign == their else max(row[at], row[at - 1])
    return row[-1]
