"""Instructions that begin with punctuation are mostly torn list items (Self-Instruct)."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Mapping
from typing import Any

from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding

_OPENERS = "《〈“‘「『【（"
"""Full-width marks with which a good Chinese sentence may begin."""


class StartsWithPunctuation:
    """Drops an instruction whose first character is punctuation, Chinese opening marks excepted."""

    name = "starts_with_punctuation"
    title = N_("Does not start with punctuation")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`starts_with_punctuation` with the character."""
        first = draft.instruction.lstrip()[:1]
        bad = first in string.punctuation or (unicodedata.category(first)[0] in "PS" if first else False)
        if not first or not bad or first in _OPENERS:
            return []
        at = whole(draft.instruction)[0][0]
        code, spans = "starts_with_punctuation", [(at, at + 1)]
        return [placed(self.name, code, field="instruction", spans=spans, drop=True, character=first)]


CHECK = StartsWithPunctuation()
