"""Outputs that are mostly digits and signs where words were asked for (data-juicer: letters at least half)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import asks_for_prose, outside_fences, works_something_out
from generation.quality.places import exchanges_of, placed, whole
from generation.quality.shares import letter_count, mostly_ideographs, shown_count
from generation.types import N_, Draft, Finding

_MARK = re.compile(r"^[ \t]{0,20}(?:\d{1,3}[.)、]|[-*•])", re.MULTILINE)
_BYTES = re.compile(r"\\x[0-9a-fA-F]{2}|\b0x[0-9a-fA-F]+")
"""Bytes as programs print them: no letters."""
_LEAST = 10
"""Shorter answers are numbers, dates and names as often as not."""


class FewLetters:
    """Points at an answer fewer than `min_letters` of whose characters are letters of any script. Never drops."""

    name = "few_letters"
    title = N_("Answers are made of letters")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`few_letters` with the share in per cent; code blocks and tasks about figures, code or signs pass."""
        least = settings.get("min_letters", 0.5)
        findings = []
        for field, question, text in exchanges_of(draft):
            if "```" not in text and "0x" not in text and "\\" not in text and _plainly(text, least):
                continue
            prose = _BYTES.sub(lambda found: "#" * len(found[0]), _MARK.sub("", outside_fences(text)))
            shown = shown_count(prose)
            letters = letter_count(prose)
            if (
                shown < _LEAST
                or letters >= least * shown
                or _dated(prose, letters, shown)
                or text.lstrip()[:1] in ("[", "{", "<", "|")
            ):
                continue
            if asks_for_prose(f"{question}\n{draft.input[:500]}") and not works_something_out(text):
                share = round(100 * letters / shown)
                findings.append(placed(self.name, "few_letters", field=field, spans=whole(text), percent=share))
        return findings


def _plainly(text: str, least: float) -> bool:
    return (not text.isascii() and mostly_ideographs(text)) or letter_count(text) >= least * shown_count(text)


def _dated(prose: str, letters: int, shown: int) -> bool:
    """Whether words and figures alone make up the text: years and amounts in a sentence."""
    figures = sum(map(str.isdigit, prose))
    return 4 * letters >= shown and 4 * (letters + figures) >= 3 * shown


CHECK = FewLetters()
