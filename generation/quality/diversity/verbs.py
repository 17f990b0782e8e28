"""What tasks ask for: the verb that an instruction is put with and its object, in English or Chinese."""

from __future__ import annotations

from generation.quality.diversity.verbs_en import verb_noun_en
from generation.quality.diversity.verbs_zh import verb_noun_zh
from generation.quality.language import detect


def verb_noun(instruction: str) -> tuple[str, str] | None:
    """(verb, noun), the English ones in base form; None for questions, statements, other languages, and where the rules
    find none: a figure made of it says of how many rows it was found."""
    language = detect(instruction[:400])
    if language == "zh":
        return verb_noun_zh(instruction)
    return verb_noun_en(instruction) if language == "en" else None
