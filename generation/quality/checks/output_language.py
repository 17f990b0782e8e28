"""Instruction and output in two languages: right for translations, worth a look everywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import names_a_language, prose, speaks_of_latin_words
from generation.quality.language import detect, holds
from generation.quality.places import is_data, placed, whole
from generation.types import N_, Draft, Finding

_LEAST = 8
"""Outputs shorter than this (labels, names, formulas) say too little about their language."""
_ENOUGH = 4.0
"""Four Chinese characters: a text that holds them is in both languages."""
_QUOTED = re.compile(r"“[^”\n]{0,80}”|\"[^\"\n]{0,80}\"|「[^」\n]{0,80}」|[（(][^()（）\n]{0,80}[)）]")
_PHRASE = re.compile(r"[A-Za-z]{3,}(?:[ '-]+[A-Za-z]{2,}){2}")


class OutputLanguage:
    """Points at an output that is plainly in another language than its instruction."""

    name = "output_language"
    title = N_("Output is in the language of the instruction")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`output_language_differs` with both languages; nothing for short outputs, mixed texts and tasks about
        languages."""
        if draft.task_type == "translate" or len(draft.output) < _LEAST:
            return []
        if detect(draft.instruction) == detect(draft.output) or is_data(draft.output):
            return []
        question, answer = prose(draft.instruction), prose(draft.output)
        asked, answered = detect(question), detect(answer)
        if not asked or not answered or asked == answered or names_a_language(draft.instruction):
            return []
        if _asked_about(answered, question) or _asked_about(answered, draft.input[:2000]):
            return []
        said = _QUOTED.sub(" ", answer)
        if holds(asked, said, least=_ENOUGH) and (asked != "en" or _PHRASE.search(said)):
            return []
        if answered == "en" and (speaks_of_latin_words(question) or len(answer.split()) < 4):
            return []
        code, spans = "output_language_differs", whole(draft.output)
        return [placed(self.name, code, field="output", spans=spans, instruction=asked, output=answered)]


def _asked_about(language: str, text: str) -> bool:
    """Whether a text that is asked about holds a phrase in the language."""
    if language == "en":
        return _PHRASE.search(text) is not None
    return holds(language, text, least=_ENOUGH)


CHECK = OutputLanguage()
