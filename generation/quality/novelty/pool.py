"""ROUGE-L novelty over a growing pool: the decisions of a brute-force loop at a thousandth of its cost.

F1 of ROUGE-L is 2·LCS/(m+n). The words shared by two texts bound their LCS from above, so an inverted index tells which
few texts are worth an LCS, and a search from the highest bound down stops as soon as no bound can beat what was found.
Source of the rule: Self-Instruct (arXiv 2212.10560), reject when the highest F1 exceeds 0.7.
"""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from generation.quality.novelty.postings import Postings
from generation.quality.text import rouge_tokens, tokens

if TYPE_CHECKING:
    import numpy as np

TOO_SIMILAR = "too_similar"
"""The reason of a draft that novelty drops."""

_FIRST_CHUNK = 16


class Nearest(NamedTuple):
    """The closest kept text: its ROUGE-L F1 (0 to 1) and its id; (0.0, None) when nothing shares a word."""

    score: float
    id: Hashable


class Pool:
    """Kept texts, and how close a new one comes to them.

    The pool is a function of the texts added and their order alone, so it can be rebuilt from rows at any time.
    `compat` compares as google's rouge_score does: its tokenizer, which sees no Chinese, and its float formula, which
    takes some exact ties for more than the threshold.
    """

    def __init__(self, *, threshold: float = 0.7, compat: bool = False) -> None:
        self.threshold = threshold
        self.compat = compat
        self._limit = Fraction(str(threshold))
        self._words = rouge_tokens if compat else tokens
        self._codes: dict[str, int] = {}
        self._postings = Postings()
        self._texts: list[str] = []
        self._ids: list[Hashable] = []

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, text: str, *, key: Hashable = None) -> Hashable:
        """Keeps a text and returns its id: `key` where given, else its place in the pool from 0."""
        codes = self._encode(text)
        row = self._postings.add(codes)
        self._texts.append(codes)
        self._ids.append(row if key is None else key)
        return self._ids[row]

    def nearest(self, text: str) -> Nearest:
        """The closest kept text, exactly; of equals the one that was added first."""
        return (self.most_similar(text, limit=1) or [Nearest(0.0, None)])[0]

    def most_similar(self, text: str, *, limit: int = 10, least: float = 0.0) -> list[Nearest]:
        """The `limit` closest kept texts, closest first, those without a common word left out. Texts that cannot reach
        a score of `least` may be left out too, which spares looking at them."""
        codes = self._encode(text)
        found = self._closest(codes, limit, least=least)
        return [Nearest(self._score(lcs, codes, row), self._ids[row]) for lcs, row in found]

    def is_novel(self, text: str) -> bool:
        """Whether no kept text is closer than the threshold; exactly at the threshold is novel."""
        codes = self._encode(text)
        return not any(self._exceeds(lcs, codes, row) for lcs, row in self._closest(codes, 1))

    def exceeds(self, score: float) -> bool:
        """Whether a score of `nearest` is over the threshold.

        Safe in floats: a single correctly rounded division keeps the order of fractions this small, so this is the
        integer rule 20·LCS > 7·(m+n) for 0.7.
        """
        return score > self.threshold

    def _encode(self, text: str) -> str:
        """The words as one character each, which lets rapidfuzz compare strings; surrogates are skipped."""
        codes = self._codes
        return "".join([chr(codes.setdefault(word, _code_point(len(codes)))) for word in self._words(text)])

    def _closest(self, codes: str, limit: int, *, least: float = 0.0) -> list[tuple[int, int]]:
        """(LCS, row) of the closest rows, best first, ties by row; not all of those below `least`."""
        import numpy as np  # here, and so everywhere: a process that only makes calls does without its 13 MB
        from rapidfuzz.distance import LCSseq

        if not codes or not self._texts:
            return []
        bounds = self._postings.bounds(codes)
        rows = np.flatnonzero(bounds >= least) if least else np.flatnonzero(bounds)
        best: list[tuple[float, int, int]] = []
        size, floor = _FIRST_CHUNK, 0.0
        while len(rows):
            chunk, rows = _split_highest(rows, bounds, size)
            for row in chunk.tolist():
                lcs = LCSseq.similarity(codes, self._texts[row])
                if lcs:
                    best.append((-2 * lcs / (len(codes) + len(self._texts[row])), row, lcs))
            best = sorted(best)[:limit]
            if len(best) == limit:
                floor = -best[-1][0]
                rows = rows[bounds[rows] >= floor]
            size *= 4
        return [(lcs, row) for _, row, lcs in best]

    def _exceeds(self, lcs: int, codes: str, row: int) -> bool:
        if self.compat:
            return self._score(lcs, codes, row) > self.threshold
        return 2 * lcs * self._limit.denominator > self._limit.numerator * (len(codes) + len(self._texts[row]))

    def _score(self, lcs: int, codes: str, row: int) -> float:
        kept = len(self._texts[row])
        if not self.compat:
            return 2 * lcs / (len(codes) + kept)
        precision, recall = lcs / len(codes), lcs / kept
        return 2 * precision * recall / (precision + recall)


def _code_point(number: int) -> int:
    """The number-th code point that is no surrogate."""
    return number if number < 0xD800 else number + 0x800


def _split_highest(
    rows: np.ndarray[tuple[int], np.dtype[np.intp]], bounds: np.ndarray[tuple[int], np.dtype[np.float64]], size: int
) -> tuple[np.ndarray[tuple[int], np.dtype[np.intp]], np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """The `size` rows with the highest bounds, and the rest."""
    import numpy as np

    if len(rows) <= size:
        return rows, rows[:0]
    order = np.argpartition(-bounds[rows], size)
    return rows[order[:size]], rows[order[size:]]
