"""Instruction and output in two languages: right for translations, worth a look everywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import outside_fences, speaks_of_latin_words
from generation.quality.language import detect
from generation.quality.places import placed, whole
from generation.types import N_, Draft, Finding

_TRANSLATION = re.compile(
    r"translat|in (english|chinese|french|german|spanish|japanese)|翻译|译成|译为|英文|英语|中文", re.I
)
_LEAST = 8
"""Outputs shorter than this (labels, names, formulas) say too little about their language."""


class OutputLanguage:
    """Points at an output that is plainly in another language than its instruction."""

    name = "output_language"
    title = N_("Output is in the language of the instruction")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`output_language_differs` with both languages; nothing for translation tasks and short outputs."""
        if draft.task_type == "translate" or _TRANSLATION.search(draft.instruction) or len(draft.output) < _LEAST:
            return []
        asked, answered = detect(draft.instruction), detect(outside_fences(draft.output))
        if not asked or not answered or asked == answered:
            return []
        if answered == "en" and (speaks_of_latin_words(draft.instruction) or draft.output.count(" ") < 2):
            return []
        code, spans = "output_language_differs", whole(draft.output)
        return [placed(self.name, code, field="output", spans=spans, instruction=asked, output=answered)]


CHECK = OutputLanguage()
