"""Instruction and output in two languages: right for translations, worth a look everywhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generation.quality.cues import names_a_language, prose, speaks_of_latin_words
from generation.quality.language import detect, holds
from generation.quality.latin import latin_language
from generation.quality.places import is_data, placed, whole
from generation.types import N_, Draft, Finding

_LEAST = 8
"""Outputs shorter than this (labels, names, formulas) say too little about their language."""
_ENOUGH = 4.0
"""Four Chinese characters: a text that holds them is in both languages."""
_QUOTED = re.compile(r"“[^”\n]{0,80}”|\"[^\"\n]{0,80}\"|「[^」\n]{0,80}」|[（(][^()（）\n]{0,80}[)）]")
_ENGLISH = re.compile(r"(?i:\b(?:the|and|of|is|are|with|you|your|me|what|how|an)\b)")
_SMALL = re.compile("[a-z]{3,}")
_SENTENCE = 120
_PHRASE = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,}+(?:[ '-]+[A-Za-z]{2,}){2}")


class OutputLanguage:
    """Points at an output that is plainly in another language than its instruction."""

    name = "output_language"
    title = N_("Output is in the language of the instruction")

    def __call__(self, draft: Draft, settings: Mapping[str, Any]) -> list[Finding]:
        """`output_language_differs` with both languages; nothing for short outputs, mixed texts and tasks about
        languages."""
        if draft.task_type == "translate" or len(draft.output) < _LEAST:
            return []
        if is_data(draft.output):
            return []
        if (script := detect(draft.instruction)) == detect(draft.output):
            return self._in_latin_script(draft) if script == "en" else []
        question, answer = prose(draft.instruction), prose(draft.output)
        asked, answered = detect(question), detect(answer)
        if not asked or not answered or asked == answered or names_a_language(draft.instruction):
            return []
        if _asked_about(answered, question) or _asked_about(answered, draft.input[:2000]):
            return []
        said = _QUOTED.sub(" ", answer)
        if holds(asked, said, least=_ENOUGH) and (asked != "en" or _PHRASE.search(said)):
            return []
        if answered == "en" and _word_in(question, answer):
            return []
        if answered == "en" and (speaks_of_latin_words(question) or len(answer.split()) < 4):
            return []
        return self._found(draft, asked, answered)

    def _in_latin_script(self, draft: Draft) -> list[Finding]:
        """For both texts in Latin letters: an English question that is answered in French, say."""
        if _ENGLISH.search(draft.output) or not _ENGLISH.search(draft.instruction):
            return []
        answered = latin_language(prose(draft.output))
        if answered in ("", "en") or names_a_language(draft.instruction) or latin_language(draft.input) == answered:
            return []
        return self._found(draft, "en", answered)

    def _found(self, draft: Draft, asked: str, answered: str) -> list[Finding]:
        code, spans = "output_language_differs", whole(draft.output)
        return [placed(self.name, code, field="output", spans=spans, instruction=asked, output=answered)]


def _word_in(question: str, answer: str) -> bool:
    """Whether a short answer uses a word in Latin letters that stands in the question: a sentence was wanted."""
    return len(answer) < _SENTENCE and any(word in answer for word in _SMALL.findall(question))


def _asked_about(language: str, text: str) -> bool:
    """Whether a text that is asked about holds a phrase in the language."""
    if language == "en":
        return _PHRASE.search(text) is not None
    return holds(language, text, least=_ENOUGH)


CHECK = OutputLanguage()
