"""Instruction length in characters (Unicode code points): the bounds of few-shot texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.types import N_, Draft, Finding


class CharacterBounds:
    """Drops an instruction outside `min_chars` to `max_chars` of the settings, both inclusive."""

    name = "character_bounds"
    title = N_("Instruction length in characters")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`too_short` or `too_long` with the count and the limit."""
        count, least, most = len(draft.instruction), settings.get("min_chars", 10), settings.get("max_chars", 1000)
        if least <= count <= most:
            return []
        code, limit = ("too_short", least) if count < least else ("too_long", most)
        return [
            Finding(self.name, code, drop=True, detail={"field": "instruction", "characters": count, "limit": limit})
        ]


CHECK = CharacterBounds()
