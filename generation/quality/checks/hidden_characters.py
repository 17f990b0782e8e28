"""Characters that change how a text looks without being seen: bidirectional overrides and zero-width marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_JOINED = "[\u0600-\u08ff\u0900-\u0dff\u2190-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefe\U0001f000-\U0001faff]"
_HAN = "[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    f"\ufff9-\ufffb]|(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})|(?<!{_HAN})[\U000e0100-\U000e01ef]"
)
"""Joiners and variation selectors where they have nothing to join or vary, and what is never seen."""

_QUICK = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0100-\U000e01ef]"
)
"""All of them wherever they stand: most texts have none, and that is told several times as fast."""


class HiddenCharacters:
    """Points at invisible characters so that a person can judge them; joiners inside emoji and scripts are fine."""

    name = "hidden_characters"
    title = N_("No hidden characters")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`hidden_characters` for each field that holds some, with their number and places."""
        return [
            placed(self.name, "hidden_characters", field=field, spans=(each.span() for each in _HIDDEN.finditer(text)))
            for field, text in texts_of(draft)
            if not text.isascii() and _QUICK.search(text) and _HIDDEN.search(text)
        ]


CHECK = HiddenCharacters()
