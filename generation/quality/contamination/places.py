"""Where the words of a text stand in it, although they are compared in another form."""

from __future__ import annotations

import re
from functools import cache

from generation.quality.places import origins_of_key
from generation.quality.text import CJK, comparison_key


@cache
def _word() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]|[^\\W_{CJK}]+")


def word_places(text: str) -> list[tuple[int, int]]:
    """(start, end) in code points of the text for each word of `tokens`; all of it where that cannot be told."""
    key = comparison_key(text)
    origins = origins_of_key(text, length=len(key))
    if origins is None:
        return [(0, len(text)) for _ in _word().finditer(key)]
    return [(origins[match.start()][0], origins[match.end() - 1][1]) for match in _word().finditer(key)]
