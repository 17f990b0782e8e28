"""English instructions begin with an ASCII character (Self-Instruct); the rule is off for every other language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding


class NonAsciiStart:
    """Drops an English draft whose first character is not ASCII."""

    name = "non_ascii_start"
    title = N_("English starts with an ASCII character")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`non_ascii_start` with the character."""
        first = draft.instruction.lstrip()[:1]
        if draft.language != "en" or not first or first.isascii():
            return []
        at = whole(draft.instruction)[0][0]
        spans = [(at, at + 1)]
        return [placed(self.name, "non_ascii_start", field="instruction", spans=spans, drop=True, character=first)]


CHECK = NonAsciiStart()
