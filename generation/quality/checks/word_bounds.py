"""Instruction length in words, as Self-Instruct bounds it (4 to 150); 1.5 characters a word in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.quality.text import has_cjk, word_count
from generation.types import N_, Draft, Finding

CJK_FACTOR = 1.5


class WordBounds:
    """Drops an instruction shorter than `min_words` or longer than `max_words` of the settings."""

    name = "word_bounds"
    title = N_("Instruction length in words")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`too_short` or `too_long` with the count and the limit."""
        factor = CJK_FACTOR if has_cjk(draft.instruction) and draft.language != "en" else 1
        least, most = factor * settings.get("min_words", 4), factor * settings.get("max_words", 150)
        count = word_count(draft.instruction)
        if least <= count <= most:
            return []
        code, limit = ("too_short", least) if count < least else ("too_long", most)
        return [Finding(self.name, code, drop=True, detail={"field": "instruction", "words": count, "limit": limit})]


CHECK = WordBounds()
