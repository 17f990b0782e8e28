"""Languages of Latin script by their commonest words: enough to tell French prose from English, no more. Pure."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u00ff]+")
_COMMON = {
    "en": "the of and to is in that it for was on are with as be this have from or by not you which at an they we our "
    "your he she his her their has had were can will would there what when but so if all one my me",
    "fr": "le la les des et est une dans que qui pour pas sur au avec ce il elle sont du vous nous cette mais ou je tu "
    "suis votre notre mes mon ma sa son ses leur très plus aux été être avez avons de un comment pourquoi",
    "de": "der die und das ist nicht ein eine mit den von zu auf für dem sich auch es an werden als im wird sie ich du "
    "wir ihr bin sind haben hat kann mein ihre ihnen sehr oder aber wenn wie was nach bei zum zur einem einen "
    "einer warum welche über durch",
    "es": "el los las y es una que en por con para se del su como más pero sus le al lo muy este está son yo mi tu nos "
    "nuestra nuestro gracias hay fue ser tiene esta ese también cuando donde un sobre entre sin hasta desde "
    "porque qué cómo",
    "it": "il di e che la per un una sono con non del della gli le si da anche più come ma questo nel è alla io mi ti "
    "ci lo molto grazie nella dei delle essere ha ho siamo dove quando",
    "pt": "o os as e é uma que em por com para não do da dos das se mais como mas foi ao são pelo seu eu você nós meu "
    "minha sua muito está obrigado também quando onde isso ele ela",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_FIRST = 4000
"""Characters that are looked at."""
_LEAST = 8
_DIFFERENT = 3


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
    different = len(_WORDS[best].intersection(words))
    known = different >= _DIFFERENT or (different == _DIFFERENT - 1 and not counts["en"])
    enough = known and counts[best] >= 0.2 * len(words) and counts[best] >= 1.3 * others
    return best if enough and (best == "en" or counts[best] >= 3 * counts["en"]) else ""
