"""Words that say nothing of what a text is about: function words, and the words that tasks are put with."""

from __future__ import annotations

import json
from pathlib import Path

from generation.quality.diversity import verbs_en, verbs_zh
from generation.quality.text import has_cjk

_LISTS = json.loads(Path(__file__).with_name("plain_words.json").read_text(encoding="utf-8"))
_ENGLISH = frozenset(" ".join(_LISTS["en"]).split()) | verbs_en.FUNCTION_WORDS | verbs_en.VERBS
_CHINESE = frozenset(" ".join(_LISTS["zh"]).split()) | verbs_zh.VERBS
_CHARACTERS = frozenset(_LISTS["zh_characters"])
"""Characters that are words of grammar by themselves: a pair with one of them reaches over the end of a word."""


def is_telling(term: str) -> bool:
    """Whether a term can name a topic: no number, no letter, no word of grammar, no verb that tasks are put with."""
    if has_cjk(term):
        return len(term) > 1 and term not in _CHINESE and not _CHARACTERS & set(term)
    return len(term) > 2 and term not in _ENGLISH and not term.isdigit()
