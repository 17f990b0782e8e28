"""The rules by which published work tells that a training row repeats an evaluation item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Rule = Literal["any", "covered", "matched"]


@dataclass(frozen=True, slots=True)
class Preset:
    """A run of `words` words in both (of `characters` for an item that is mostly CJK) makes a row a candidate.

    "any": every candidate is a hit. "covered": more than `share` of the item's words lie in runs that the row has too.
    "matched": more than `share` of the item's letters are in blocks that difflib matches. A set counts as contaminated
    when more than `items` of its items are hit.
    """

    name: str
    words: int
    rule: Rule
    share: float = 0.0
    items: float = 0.0
    characters: int = 20


THIRTEEN = Preset("thirteen_words", 13, "any")
"""GPT-3 (arXiv 2005.14165, appendix C) and the Janitor of lm-evaluation-harness."""
EIGHT = Preset("eight_words", 8, "covered", share=0.5, items=0.02)
"""Tulu 3 (arXiv 2411.15124, section 3.2)."""
TEN = Preset("ten_words", 10, "matched", share=0.5)
"""Phi-1 (arXiv 2306.11644) as Cosmopedia does it."""

PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in (THIRTEEN, EIGHT, TEN)}
