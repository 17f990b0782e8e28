"""An instruction must be in the language that was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.language import detect, weights
from generation.quality.latin import latin_language
from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding

_LATIN = frozenset({"fr", "de", "es", "it", "pt"})
_ENOUGH = 4.0
"""Four Chinese characters or three Latin words: what is left may be a quotation in another language."""
_ENGLISH_GRAMMAR = re.compile(
    r"(?<![a-z])(?:the|an?|of|to|is|are|was|were|in|on|for|and|or|with|what|who|how|why|when|your|me|it|this|that"
    r"|please|can|do|does|should|which|where|from|by|at|as|be|have|has|not|you|my|we|summari[sz]e|translate|"
    r"answer|compare|define|find"
    r"|write|explain|list|give|describe|name|make|tell)(?![a-z])", re.IGNORECASE,
)  # fmt: skip
"""Latin words without any of these are names and formulas, which Chinese has no others for."""


class LanguageMismatch:
    """Drops a draft whose instruction is plainly in another language than the draft's own."""

    name = "language_mismatch"
    title = N_("Instruction is in the language asked for")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`wrong_language` with what was found; nothing when either side is unknown."""
        found = detect(draft.instruction)
        if found == draft.language == "en" and not _ENGLISH_GRAMMAR.search(draft.instruction):
            found = latin_language(draft.instruction) or found
        if not draft.language or not found or found == draft.language:
            return []
        weight = weights(draft.instruction).get(draft.language, 0.0)
        if found not in _LATIN and (
            weight >= _ENOUGH or (weight and found == "en" and not _ENGLISH_GRAMMAR.search(draft.instruction))
        ):
            return []
        spans, wanted = whole(draft.instruction), draft.language
        code = "wrong_language"
        return [placed(self.name, code, field="instruction", spans=spans, drop=True, found=found, wanted=wanted)]


CHECK = LanguageMismatch()
