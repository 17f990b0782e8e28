"""Characters that change how a text looks without being seen: bidirectional overrides and zero-width marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, texts_of
from generation.types import N_, Draft, Finding

_HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


class HiddenCharacters:
    """Points at invisible characters so that a person can judge them; joiners inside emoji and scripts are fine."""

    name = "hidden_characters"
    title = N_("No hidden characters")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`hidden_characters` for each field that holds some, with their number and places."""
        return [
            placed(self.name, "hidden_characters", field=field, spans=(each.span() for each in _HIDDEN.finditer(text)))
            for field, text in texts_of(draft)
            if not text.isascii() and _HIDDEN.search(text)
        ]


CHECK = HiddenCharacters()
