"""How a reply begins, ends and is put together as a whole."""

from __future__ import annotations

import re
from typing import Any

from generation.quality.constraints.base import Arguments, Kind, Supply, nothing
from generation.quality.text import comparison_key

_PHRASES = {
    "en": ("Is there anything else I can help with?", "That is all there is to it.", "I hope this helps!"),
    "zh": ("还有什么我可以帮忙的吗？", "以上就是全部内容。", "希望这对您有所帮助！"),
}
_MARKERS = {"en": ("P.S.", "P.P.S"), "zh": ("附言：", "又及：")}
_FORMS = {
    "P.S.": r"(?<!p[. ])(?<!p\. )\bp\.[ \t]?s\b\.?",
    "P.P.S": r"\bp\.[ \t]?p\.[ \t]?s\b\.?",
    "附言：": r"^[ \t*]*(?:附言|附)[ \t*]*[:：]",
    "又及：": r"^[ \t*]*又及[ \t*]*[:：]",
}
_QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』", "＂": "＂"}
_SIX_STARS = re.compile(r"\*{6}")
_BLANK = re.compile(r"\s+")


def _marker(supply: Supply) -> dict[str, Any]:
    return {"marker": supply.rng.choice(_MARKERS["zh" if supply.chinese else "en"])}


def _postscript(text: str, args: Arguments) -> bool:
    """The marker, and something said behind it."""
    found = re.search(_FORMS[args["marker"]] + r"[\s:：]*\w", text, re.IGNORECASE | re.MULTILINE)
    return found is not None


def _two(text: str, args: Arguments) -> bool:
    """Two different parts around six asterisks; marks at either end count for nothing."""
    parts = [part.strip() for part in _SIX_STARS.split(text)]
    if len(parts) > 2 and not parts[0]:
        del parts[0]
    if len(parts) > 2 and not parts[-1]:
        del parts[-1]
    return len(parts) == 2 and all(parts) and parts[0] != parts[1]


def _prompt(supply: Supply) -> dict[str, Any]:
    return {"prompt": supply.prompt}


def _repeats(text: str, args: Arguments) -> bool:
    return _flat(text).startswith(_flat(args["prompt"]))


def _phrase(supply: Supply) -> dict[str, Any]:
    return {"phrase": supply.rng.choice(_PHRASES["zh" if supply.chinese else "en"])}


def _ends_so(text: str, args: Arguments) -> bool:
    marks = "".join(_QUOTES) + "".join(_QUOTES.values()) + "' \t\n\r"
    return _flat(text.rstrip(marks)).endswith(_flat(args["phrase"].strip(marks)))


def _quoted(text: str, args: Arguments) -> bool:
    """The first and the last character are a pair of quotation marks, Western or Chinese, and something is inside."""
    text = text.strip()
    return len(text) > 2 and _QUOTES.get(text[0]) == text[-1]


def _flat(text: str) -> str:
    return _BLANK.sub(" ", comparison_key(text)).strip()


KINDS = (
    Kind("postscript", _marker, _postscript),
    Kind("two_responses", nothing, _two),
    Kind("repeat_prompt", _prompt, _repeats),
    Kind("end_checker", _phrase, _ends_so),
    Kind("quotation", nothing, _quoted),
)
