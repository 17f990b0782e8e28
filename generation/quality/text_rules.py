"""Rules about a whole text, whatever row it came from: length, repetition, letters, capitals, refusals.

The thresholds are those of the sources' quality filter. Words are counted for Chinese too: a CJK character counts as a
word, and as two characters, since it says about as much; repetition is judged by pairs of neighbours there.
"""

from __future__ import annotations

from dataclasses import dataclass

from generation.quality.checks.refusal import is_refusal
from generation.quality.shares import alphabetic_share, capital_share, unique_share
from generation.quality.text import has_cjk, word_count

_WEIGHED = 10
"""Texts of fewer words say nothing about repetition."""


@dataclass(frozen=True, slots=True)
class TextRules:
    """The bounds, all inclusive. A share is out of 1."""

    min_chars: int = 50
    max_chars: int = 10_000
    min_words: int = 10
    max_words: int = 2000
    min_unique: float = 0.3
    min_alphabetic: float = 0.5
    max_capitals: float = 0.7
    refusals: bool = False
    """Whether refusals are kept."""

    def fault(self, text: str, *, answer: str = "") -> str:
        """The first rule that the text breaks, as a code, "" when it keeps to all. `answer` is judged for refusals."""
        if not text.strip():
            return "no_text"
        ideographs = sum(has_cjk(character) for character in text) if not text.isascii() else 0
        size, words = len(text) + ideographs, word_count(text)
        if not self.min_chars <= size <= self.max_chars:
            return "too_short" if size < self.min_chars else "too_long"
        if not self.min_words <= words <= self.max_words:
            return "too_few_words" if words < self.min_words else "too_many_words"
        if words >= _WEIGHED and unique_share(text) < self.min_unique:
            return "too_repetitive"
        if alphabetic_share(text) < self.min_alphabetic:
            return "few_letters"
        if capital_share(text) > self.max_capitals:
            return "too_many_capitals"
        return "refusal" if not self.refusals and is_refusal(answer or text) else ""
