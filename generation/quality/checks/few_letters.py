"""Outputs that are mostly digits and signs where words were asked for (data-juicer: letters at least half)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import asks_for_prose, outside_fences
from generation.quality.places import answers_of, placed, whole
from generation.quality.shares import letter_count, shown_count
from generation.types import N_, Draft, Finding

_MARK = re.compile(r"^[ \t]{0,20}(?:\d{1,3}[.)、]|[-*•])", re.MULTILINE)
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
        for field, text in answers_of(draft):
            if "```" not in text and letter_count(text) >= least * shown_count(text):
                continue
            prose = _MARK.sub("", outside_fences(text))
            shown = shown_count(prose)
            letters = letter_count(prose)
            if (
                shown < _LEAST
                or letters >= least * shown
                or _dated(prose, letters, shown)
                or text.lstrip()[:1] in ("[", "{", "<", "|")
            ):
                continue
            if asks_for_prose(f"{draft.instruction}\n{draft.input[:500]}"):
                share = round(100 * letters / shown)
                findings.append(placed(self.name, "few_letters", field=field, spans=whole(text), percent=share))
        return findings


def _dated(prose: str, letters: int, shown: int) -> bool:
    """Whether words and figures alone make up the text: years and amounts in a sentence."""
    figures = sum(map(str.isdigit, prose))
    return 4 * letters >= shown and 4 * (letters + figures) >= 3 * shown


CHECK = FewLetters()
