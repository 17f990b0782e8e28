"""Texts that say the same few words again and again (the sources' filter: three different words in ten)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from generation.quality.cues import without_code
from generation.quality.places import exchanges_of, placed
from generation.quality.text import CJK, has_cjk
from generation.types import N_, Draft, Finding

_WORD = re.compile(f"[{CJK}]|[^\\W_{CJK}]+")
_NUMBER = re.compile(r"^[ \t]*\d{1,3}[.)、]", re.MULTILINE)
_LEAST = 10
"""Texts of fewer words say nothing about repetition."""
_LOOKED_AT = 100_000
"""Characters at the front of an answer that are judged."""
_FIGURES = 0.1
"""Share of figures and single letters in a text that works something out, or lists years: it says the same of each."""
_WINDOW = 150
"""Words that are judged together: the longer a good text is, the fewer of its words are new."""


class UniqueWords:
    """Points at answers with a stretch of which fewer than `min_unique_words` of the words differ. Never drops."""

    name = "unique_words"
    title = N_("Says more than a few words")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`few_unique_words` with the lowest share in per cent, and the stretches. CJK counts pairs of neighbours."""
        least = settings.get("min_unique_words", 0.3)
        findings = []
        for field, _question, text in exchanges_of(draft):
            stretches = [] if _plainly_varied(text) else list(_poor(_words_of(text), least))
            if stretches:
                lowest = round(100 * min(share for _, _, share in stretches))
                spans = [(start, end) for start, end, _ in stretches]
                findings.append(placed(self.name, "few_unique_words", field=field, spans=spans, percent=lowest))
        return findings


def _plainly_varied(text: str) -> bool:
    """A cheap test that nearly every text passes: many of its words, or of its Chinese characters, differ."""
    if text.isascii() or not has_cjk(text):
        words = text.split()
        if len(words) * 12 <= len(text):
            return False
        parts = (words[at : at + _WINDOW] for at in range(0, len(words), _WINDOW))
        return all(len(set(part)) >= 0.5 * len(part) for part in parts)
    pieces = (text[at : at + _WINDOW] for at in range(0, len(text), _WINDOW))
    return all(len(set(piece)) >= 0.32 * len(piece) for piece in pieces)


def _words_of(text: str) -> str:
    """The text with its code and the numbers of its list items blanked out."""
    return _NUMBER.sub(lambda found: " " * len(found[0]), without_code(text))


def _poor(text: str, least: float) -> list[tuple[int, int, float]]:
    words = [(found.start(), found.end(), found[0].casefold()) for found in _WORD.finditer(text[:_LOOKED_AT])]
    stretches, in_pairs = [], has_cjk(text)
    for at in range(0, len(words), _WINDOW):
        part = words[at : at + _WINDOW]
        said = [word for _, _, word in part if not word.isdigit() and (len(word) > 1 or not word.isascii())]
        counted = [a + b for a, b in pairwise(said)] if in_pairs else said
        if len(counted) < _LEAST - 1:
            continue
        share = len(set(counted)) / len(counted)
        figures = sum(word.isdigit() or (len(word) == 1 and word.isascii() and word not in "ai") for _, _, word in part)
        if share < (least if figures < _FIGURES * len(part) else least / 2):
            stretches.append((part[0][0], part[-1][1], share))
    return stretches


CHECK = UniqueWords()
