"""Languages of Latin script by their commonest words: enough to tell French prose from English, no more. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u00ff]+")
_COMMON = {
    "en": "the of and to is in that it for was on are with as be this have from or by not you which at an they",
    "fr": "le la les des et est une dans que qui pour pas sur au avec ce il elle sont du vous nous cette mais ou",
    "de": "der die und das ist nicht ein eine mit den von zu auf für dem sich auch es an werden als im wird sie",
    "es": "el los las y es una que en por con para se del su como más pero sus le al lo muy este está son",
    "it": "il di e che la per un una sono con non del della gli le si da anche più come ma questo nel è alla",
    "pt": "o os as e é uma que em por com para não do da dos das se mais como mas foi ao são pelo seu",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_FIRST = 4000
"""Characters that are looked at."""
_LEAST = 8


def latin_language(text: str) -> str:
    """One of en, fr, de, es, it, pt when its common words are a good part of the text and clearly the most, else "".

    Texts of fewer than eight words get "".
    """
    words = _WORD.findall(text[:_FIRST].lower())
    if len(words) < _LEAST:
        return ""
    counts = {language: sum(word in common for word in words) for language, common in _WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    others = max(count for language, count in counts.items() if language != best)
    enough = counts[best] >= 0.2 * len(words) and counts[best] >= 1.3 * others
    return best if enough and (best == "en" or counts[best] >= 3 * counts["en"]) else ""
