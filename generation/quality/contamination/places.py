"""Where the words of a text stand in it, although they are compared in another form."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from generation.quality.text import CJK, comparison_key

_COMPOSES = re.compile("[\u1160-\u11ff\uff9e\uff9f]")
"""Signs that melt into the one before them though they are no combining marks: vowels of hangul, marks of kana."""


@cache
def _word() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]|[^\\W_{CJK}]+")


def word_places(text: str) -> list[tuple[int, int]]:
    """(start, end) in code points of the text for each word of `tokens`; all of it where that cannot be told."""
    key = comparison_key(text)
    origins = _origins(text, len(key))
    if origins is None:
        return [(0, len(text)) for _ in _word().finditer(key)]
    return [(origins[match.start()][0], origins[match.end() - 1][1]) for match in _word().finditer(key)]


def _origins(text: str, length: int) -> list[tuple[int, int]] | None:
    """For each character of the comparison key the stretch of the text that it came from."""
    if text.isascii():
        return [(at, at + 1) for at in range(len(text))]
    origins: list[tuple[int, int]] = []
    begin = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _joins(text[end]):
            origins += [(begin, end)] * len(unicodedata.normalize("NFKC", text[begin:end]).lower())
            begin = end
    return origins if len(origins) == length else None


def _joins(character: str) -> bool:
    return bool(unicodedata.combining(character) or _COMPOSES.match(character))
