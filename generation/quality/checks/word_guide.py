"""How many words a row has in all (the sources' filter: 10 to 2000, inclusive; half as many again in Chinese)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from generation.quality.checks.word_bounds import CJK_FACTOR
from generation.quality.text import CJK, has_cjk, word_count
from generation.types import N_, Draft, Finding

_CJK_RUN = re.compile(f"[{CJK}]+")


class WordGuide:
    """Points at rows of fewer than `min_row_words` or more than `max_row_words` words. Never drops."""

    name = "word_guide"
    title = N_("Words of the row within the guide")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`few_words` or `many_words` with the count over instruction, input and output."""
        row = f"{draft.instruction}\n{draft.input}\n{draft.output}"
        least, most = settings.get("min_row_words", 10), settings.get("max_row_words", 2000)
        if len(row) <= most and _has_words(row, least):
            return []
        factor = CJK_FACTOR if has_cjk(row) else 1
        count = word_count(row)
        if count < factor * least:
            return [Finding(self.name, "few_words", detail={"words": count})]
        if count > factor * most:
            return [Finding(self.name, "many_words", detail={"words": count})]
        return []


def _has_words(row: str, least: int) -> bool:
    """Whether a row surely has `least` words; a row of not more characters than the most words cannot have too many."""
    if row.isascii():
        return len(row.split(None, least)) > least
    wanted = int(CJK_FACTOR * least + 1)
    return sum(map(len, islice(_CJK_RUN.findall(row, 0, 40 * wanted), wanted))) >= wanted


CHECK = WordGuide()
