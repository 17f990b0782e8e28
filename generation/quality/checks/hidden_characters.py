"""Characters that change how a text looks without being seen: bidirectional overrides and zero-width marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.types import N_, Draft, Finding

_HIDDEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


class HiddenCharacters:
    """Points at invisible characters so that a person can judge them; joiners inside emoji and scripts are fine."""

    name = "hidden_characters"
    title = N_("No hidden characters")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`hidden_characters` for each field that holds some, with their number."""
        findings = []
        for field in ("instruction", "input", "output", "system"):
            count = len(_HIDDEN.findall(getattr(draft, field)))
            if count:
                findings.append(Finding(self.name, "hidden_characters", detail={"field": field, "count": count}))
        return findings


CHECK = HiddenCharacters()
