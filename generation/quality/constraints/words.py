"""Which words and letters a reply holds, and how often."""

from __future__ import annotations

import re
from typing import Any

from generation.quality.constraints.base import Arguments, Kind, Supply, compared
from generation.quality.text import comparison_key, has_cjk

_LETTERS = "abcdefghiklmnoprstuvwy"
_CHARACTERS = "的一是在有人这中大来上个到说们为子和地出"


def _existence(supply: Supply) -> dict[str, Any]:
    return {"keywords": supply.take(2)}


def _all_there(text: str, args: Arguments) -> bool:
    key = comparison_key(text)
    return all(comparison_key(word) in key for word in args["keywords"])


def _frequency(supply: Supply) -> dict[str, Any]:
    return {"keyword": supply.take(1)[0], **supply.relation(supply.rng.randint(2, 4))}


def _often_enough(text: str, args: Arguments) -> bool:
    return compared(comparison_key(text).count(comparison_key(args["keyword"])), args)


def _forbidden(supply: Supply) -> dict[str, Any]:
    return {"keywords": supply.take(2)}


def _none_there(text: str, args: Arguments) -> bool:
    """A word of letters is forbidden as a whole word; Chinese has no blanks, so that there any occurrence counts."""
    key = comparison_key(text)
    return not any(_within(key, comparison_key(word)) for word in args["keywords"])


def _within(key: str, word: str) -> bool:
    return word in key if has_cjk(word) else re.search(rf"\b{re.escape(word)}\b", key) is not None


def _letter(supply: Supply) -> dict[str, Any]:
    letters = _CHARACTERS if supply.chinese else _LETTERS
    return {"letter": supply.rng.choice(letters), **supply.relation(supply.rng.randint(3, 8))}


def _letters(text: str, args: Arguments) -> bool:
    return compared(text.lower().count(args["letter"].lower()), args)


KINDS = (
    Kind("keyword_existence", _existence, _all_there, words=2),
    Kind("keyword_frequency", _frequency, _often_enough, words=1),
    Kind("forbidden_words", _forbidden, _none_there, words=2),
    Kind("letter_frequency", _letter, _letters),
)
