"""In which language and with which signs a reply is written: capitals, small letters, commas."""

from __future__ import annotations

import re
from typing import Any

from generation.quality.constraints.base import Arguments, Kind, Supply, compared, nothing
from generation.quality.constraints.languages import NAMES, told
from generation.quality.text import has_cjk

_CAPITALS = re.compile(r"(?<![^\W_])[A-Z]{2,}(?![^\W_])")
"""Words of capitals alone; a single letter begins sentences and says nothing."""
_COMMAS = re.compile("[,，﹐､]")


def _language(supply: Supply) -> dict[str, Any]:
    own = "zh" if supply.chinese else "en"
    return {"code": supply.rng.choice([code for code in NAMES if code != own])}


def _in_language(text: str, args: Arguments) -> bool:
    """A text in which nothing tells the language passes: nobody can say that it is another."""
    return told(text) in ("", args["code"])


def _capitals(supply: Supply) -> dict[str, Any]:
    return supply.relation(supply.rng.randint(2, 6))


def _capital_words(text: str, args: Arguments) -> bool:
    return compared(len(_CAPITALS.findall(text)), args)


def _upper(text: str, args: Arguments) -> bool:
    return text.isupper() and _english(text)


def _lower(text: str, args: Arguments) -> bool:
    return text.islower() and _english(text)


def _english(text: str) -> bool:
    return not has_cjk(text) and told(text.lower()) in ("", "en")


def _without_comma(text: str, args: Arguments) -> bool:
    return _COMMAS.search(text) is None


KINDS = (
    Kind("response_language", _language, _in_language),
    Kind("capital_word_frequency", _capitals, _capital_words),
    Kind("english_capital", nothing, _upper),
    Kind("english_lowercase", nothing, _lower),
    Kind("no_comma", nothing, _without_comma),
)
