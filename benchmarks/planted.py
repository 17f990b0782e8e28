"""Texts of which it is known how alike they are: copies planted at stated similarities, counted with plain sets."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

WORDS = 150
"""Words of a text on average; of Chinese as many characters and half as many more."""
SIMILARITIES = (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
SHARE = 0.1
_SHINGLE = 5


@dataclass(frozen=True)
class Planted:
    """A copy: its row, its original's row, and their true Jaccard over word 5-grams."""

    row: int
    original: int
    similarity: float


@dataclass(frozen=True)
class Corpus:
    """Texts in order, and what was planted among them."""

    texts: Sequence[str]
    planted: Sequence[Planted]


class Author:
    """Writes texts of words as frequent as in a language (Zipf): English-like ones or Chinese characters."""

    def __init__(self, *, chinese: bool, seed: int) -> None:
        self.rng = random.Random(seed)
        self._chinese = chinese
        number = 4000 if chinese else 30_000
        self._words = [chr(0x4E00 + n) for n in range(number)] if chinese else list(self._invented(number))
        self._sums = list(accumulate(1 / (place + 3) for place in range(number)))

    def words(self, count: int) -> list[str]:
        """So many words."""
        total = self._sums[-1]
        return [self._words[bisect(self._sums, self.rng.random() * total)] for _ in range(count)]

    def length(self) -> int:
        """How many words the next text has."""
        return self.rng.randrange(round(0.6 * WORDS), round(1.4 * WORDS)) * (3 if self._chinese else 2) // 2

    def text(self, words: Sequence[str]) -> str:
        """The words as one text."""
        return ("" if self._chinese else " ").join(words)

    def copy(self, words: list[str], similarity: float) -> list[str]:
        """The words with one stretch written anew, so long that about this Jaccard is left."""
        shingles = len(words) - _SHINGLE + 1
        changed = max(0, round(shingles * (1 - similarity) / (1 + similarity)) - _SHINGLE + 1)
        if not changed:
            return [*words, *self.words(round(shingles * (1 - similarity)))]
        at = self.rng.randrange(_SHINGLE, len(words) - changed - _SHINGLE)
        return [*words[:at], *self.words(changed), *words[at + changed :]]

    def _invented(self, count: int) -> Iterator[str]:
        made: set[str] = set()
        while len(made) < count:
            word = "".join(
                self.rng.choice("bcdfglmnprst") + self.rng.choice("aeiou") for _ in range(self.rng.choice((1, 2, 3)))
            )
            word += str(len(made)) if word in made else ""
            if word not in made:
                made.add(word)
                yield word


def corpus(rows: int, *, chinese: bool, seed: int = 7) -> Corpus:
    """`rows` texts, a tenth of them copies of earlier ones, the similarities in turn; an original has one copy."""
    author = Author(chinese=chinese, seed=seed)
    texts: list[str] = []
    free: list[tuple[int, list[str]]] = []
    planted: list[Planted] = []
    for row in range(rows):
        if free and author.rng.random() < SHARE:
            at = author.rng.randrange(len(free))
            free[at], free[-1] = free[-1], free[at]
            original, words = free.pop()
            copy = author.copy(words, SIMILARITIES[len(planted) % len(SIMILARITIES)])
            planted.append(Planted(row, original, jaccard(words, copy)))
            texts.append(author.text(copy))
            continue
        words = author.words(author.length())
        texts.append(author.text(words))
        if len(free) < 20_000:
            free.append((row, words))
    return Corpus(texts, planted)


def jaccard(one: Sequence[str], other: Sequence[str]) -> float:
    """The true Jaccard of two texts' word 5-grams, by Python's own sets."""
    first, second = (
        {tuple(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)} for words in (one, other)
    )
    return len(first & second) / len(first | second)
