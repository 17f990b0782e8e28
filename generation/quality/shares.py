"""Shares of a text: letters, capitals, signs, different words. Fast enough for every row of a million. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from generation.quality.text import CJK, has_cjk, tokens

_NOT_LETTERS = bytes(byte for byte in range(256) if not (byte < 128 and chr(byte).isalpha()))
_NOT_CAPITALS = bytes(byte for byte in range(256) if not 65 <= byte <= 90)
_BLANKS = b" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f"
_LETTERS = re.compile("[^\\W\\d_\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u218b\u2460-\u249b]+")
_IDEOGRAPHS = bytes(range(0xE4, 0xEA))
"""First bytes, in UTF-8, of the ideographs from U+4000 to U+9FFF and of hardly anything else."""
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0dff"
    "\u0e30-\u0e4e\u0eb0-\u0ecd\u1000-\u109f\u1780-\u17ff\u200c\u200d\ufe0f"
)
"""Vowel signs and accents, which belong to the letter before them; Python's \\w leaves them out."""
_USUAL = f"\\w{_MARKS}\\s.,;:!?'\"()\\-“”‘’–—…。，、；：！？（）《》「」『』【】·%{CJK}"
_SIGNS = re.compile(f"[^{_USUAL}]+|_+|-{{3,}}")
"""What is neither a letter, a digit, a blank nor the punctuation of prose, a percent sign included."""


def unique_share(text: str) -> float:
    """Distinct words over all words, CJK characters taken in pairs; 1 for a text without words."""
    words = tokens(text)
    if has_cjk(text):
        words = [a + b for a, b in pairwise(words)] or words
    return len(set(words)) / len(words) if words else 1.0


def alphabetic_share(text: str) -> float:
    """Letters of any script over all characters that are not blank."""
    shown = shown_count(text)
    return letter_count(text) / shown if shown else 0.0


def capital_share(text: str) -> float:
    """Capitals over the letters that have a case; 0 where none has."""
    if text.isascii():
        raw = text.encode()
        cased, capitals = len(raw.translate(None, _NOT_LETTERS)), len(raw.translate(None, _NOT_CAPITALS))
        return capitals / cased if cased else 0.0
    letters = [character for character in text if character.isupper() or character.islower()]
    return sum(character.isupper() for character in letters) / len(letters) if letters else 0.0


def sign_share(text: str) -> float:
    """Signs over all characters that are not blank: neither letters, digits nor the punctuation of prose."""
    shown = shown_count(text)
    return sum(map(len, _SIGNS.findall(text))) / shown if shown else 0.0


def mostly_ideographs(text: str) -> bool:
    """Whether three characters in four are ideographs: a cheap test that nearly every Chinese answer passes."""
    raw = text.encode("utf-8", "replace")
    return 4 * (len(raw) - len(raw.translate(None, _IDEOGRAPHS))) >= 3 * len(text) > 0


@lru_cache(maxsize=8)
def letter_count(text: str) -> int:
    """How many letters of any script are in the text; remembered for the checks that ask one after the other."""
    if text.isascii():
        return len(text.encode().translate(None, _NOT_LETTERS))
    return sum(map(len, _LETTERS.findall(text)))


@lru_cache(maxsize=8)
def shown_count(text: str) -> int:
    """How many characters of the text are not blank."""
    if text.isascii():
        return len(text.encode().translate(None, _BLANKS))
    return len("".join(text.split()))
