"""Words as numbers of 64 bits that never change: many texts at once through numpy, or one short text word by word.

A word's number is the polynomial of its code points over an odd base, modulo 2^64, and then mixed by a bijection. A
polynomial can be summed up over a whole batch of texts, so that no word of them ever becomes an object of Python: the
numbers of 150 English words cost 8 microseconds, where making and looking up the words costs 30.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from generation.quality.near_duplicates.kinds import (
    FUNCTION,
    FUNCTION_WORDS,
    NEGATION,
    NEGATIONS,
    NUMBER,
    kind_of,
)  # fmt: skip
from generation.quality.text import CJK, comparison_key, tokens

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_KEPT = 1 << 18
_WHOLE = (1 << 64) - 1
_BASE = 0x9E3779B97F4A7C15
_SPREAD = 0xFF51AFD7ED558CCD
_SHORT = 1 << 10
"""Code points up to which a text alone is quicker word by word."""
_PIECE = 1 << 16
"""Code points that are summed up at once; a longer text is cut between two words."""
_LONGEST_WORD = 1 << 12
_LETTER, _CHARACTER = 1, 2
_NUMERIC = 2
"""The bit of a class that says so, beside those of letters and of characters that are words."""
_LAST_WORD = 0x40000
"""Code points from here on are part of no word (planes 4 to 16: tags, variation selectors, private use)."""
_INSIDE = re.compile(f"[^\\W_{CJK}]{{2}}")


class WordHashes(dict[str, bytes]):
    """Word -> 8 bytes that are the same in every Python and on every machine. Memory: at most 2^18 words are kept.

    The lowest two bits say of what kind the word is (`kinds.py`), the others are its hash.
    """

    def __missing__(self, word: str) -> bytes:
        if len(self) >= _KEPT:
            self.clear()
        marked = self[word] = (_hashed(word) & ~3 | kind_of(word)).to_bytes(8, "little")
        return marked

    def of(self, text: str) -> bytes:
        """The text's words in order, 8 bytes each. Where there are only signs, these are; a blank text has none."""
        if len(text) > _SHORT:
            return self.of_each([text])[0]
        return b"".join(map(self.__getitem__, tokens(text) or comparison_key(text).split()))

    def of_each(self, texts: Sequence[str]) -> list[bytes]:
        """The same for many texts at once."""
        found: list[bytes] = []
        waiting: list[str] = []
        letters = 0
        for key in map(comparison_key, texts):
            if letters + len(key) >= _PIECE:
                found += self._summed(waiting)
                waiting, letters = [], 0
            if len(key) < _PIECE:
                waiting.append(key)
                letters += len(key) + 1
            else:
                found.append(b"".join(part for piece in _pieces(key) for part in self._summed([piece])))
        return found + self._summed(waiting)

    def _summed(self, keys: Sequence[str]) -> list[bytes]:
        if not keys:
            return []
        found = zip(words_of(keys), keys, strict=True)
        return [words or b"".join(map(self.__getitem__, key.split())) for words, key in found]


def words_of(keys: Sequence[str]) -> list[bytes]:
    """For each comparison key its words as `WordHashes` has them; all keys together are at most a piece long."""
    import numpy as np

    joined = " ".join((*keys, ""))
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    known = _alphabet()
    classes = known.classes.take(codes)
    held = classes & (_LETTER | _CHARACTER)
    alone, letter = held == _CHARACTER, held == _LETTER
    begins = np.flatnonzero(alone | (letter & np.concatenate(([True], ~letter[:-1]))))
    ends = np.flatnonzero(alone | (letter & np.concatenate((~letter[1:], [True])))) + 1
    sums = np.zeros(len(codes) + 1, np.uint64)
    np.cumsum(codes * known.powers[: len(codes)], out=sums[1:])
    words = (sums[ends] - sums[begins]) * known.inverses[begins]
    words ^= words >> np.uint64(33)
    words *= np.uint64(_SPREAD)
    words ^= words >> np.uint64(29)
    numerals = np.zeros(len(codes) + 1, np.uint32)
    np.cumsum(classes >> _NUMERIC, out=numerals[1:])
    words &= np.uint64(_WHOLE - 3)
    words |= (numerals[ends] != numerals[begins]) * np.uint64(NUMBER)
    maybe = np.flatnonzero(known.may[words >> np.uint64(48)])
    at = np.minimum(np.searchsorted(known.special, words[maybe] | np.uint64(3)), len(known.special) - 1)
    same = known.special[at] == words[maybe] | np.uint64(3)
    words[maybe[same]] = known.marked[at[same]]
    stops = np.cumsum([0, *(len(key) + 1 for key in keys)])
    places = (8 * np.searchsorted(begins, stops)).tolist()
    flat = words.tobytes()
    return [flat[begin:end] for begin, end in pairwise(places)]


class _Alphabet(NamedTuple):
    """What each code point is, the powers of the base and of its inverse, and the words that are of a kind by name:
    their numbers in rising order (the kind's bits all set), the same with their kind, and a table of 16 bits that says
    of nearly every other word that it is none of them."""

    classes: npt.NDArray[np.uint8]
    powers: npt.NDArray[np.uint64]
    inverses: npt.NDArray[np.uint64]
    special: npt.NDArray[np.uint64]
    marked: npt.NDArray[np.uint64]
    may: npt.NDArray[np.bool_]


@cache
def _alphabet() -> _Alphabet:
    import numpy as np

    classes = np.zeros(0x110000, np.uint8)
    every = np.arange(_LAST_WORD, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    for pattern, mark in ((f"[^\\W_{CJK}]+", _LETTER), (f"[{CJK}]+", _CHARACTER)):
        for found in re.finditer(pattern, every):
            classes[found.start() : found.end()] = mark
    numeric = [code for code in np.flatnonzero(classes).tolist() if chr(code).isnumeric()]
    classes[numeric] |= 1 << _NUMERIC
    kinds = {_hashed(word) | 3: FUNCTION if word in FUNCTION_WORDS else NEGATION for word in FUNCTION_WORDS | NEGATIONS}
    special = np.array(sorted(kinds), np.uint64)
    marked = np.array([number & ~3 | kinds[number] for number in sorted(kinds)], np.uint64)
    may = np.zeros(1 << 16, bool)
    may[special >> np.uint64(48)] = True
    return _Alphabet(classes, _powers(_BASE), _powers(pow(_BASE, -1, _WHOLE + 1)), special, marked, may)


def _powers(base: int) -> npt.NDArray[np.uint64]:
    import numpy as np

    factors = np.full(_PIECE + 1, base, np.uint64)
    factors[0] = 1
    return np.cumprod(factors)


def _hashed(word: str) -> int:
    number = 0
    for character in reversed(word):
        number = (number * _BASE + ord(character)) & _WHOLE
    number ^= number >> 33
    number = number * _SPREAD & _WHOLE
    return number ^ (number >> 29)


def _pieces(key: str) -> Iterator[str]:
    """A long key in parts that begin where a word does; a word of over 4,096 letters may be two."""
    cuts = [0]
    while len(key) - cuts[-1] >= _PIECE:
        cut = end = cuts[-1] + _PIECE - 1
        while cut > end - _LONGEST_WORD and _INSIDE.match(key, cut - 1):
            cut -= 1
        cuts.append(cut)
    return (key[begin:end] for begin, end in pairwise([*cuts, len(key)]))
