"""What a reply is laid out as: lists, sections, titles, JSON, XML, one of a few fixed sentences."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

from generation.quality.constraints.base import Arguments, Kind, Supply, nothing
from generation.quality.text import comparison_key

OPTIONS = {
    "en": ("My answer is yes.", "My answer is no.", "My answer is maybe."),
    "zh": ("我的回答是肯定的。", "我的回答是否定的。", "我的回答是不确定。"),
}
_SPLITTERS = {"en": ("Section", "Part", "Chapter"), "zh": ("部分", "节", "章")}
_BULLET = re.compile(r"^[ \t]*(?:\*(?!\*)|-(?!-))[ \t]*\S", re.MULTILINE)
_ONE_STAR = re.compile(r"(?<!\*)\*(?!\*)([^\n*]+)\*(?!\*)")
_TWO_STARS = re.compile(r"\*\*([^\n*]+)\*\*")
_PLACEHOLDER = re.compile(r"\[[^\[\]\n]+\]|【[^【】\n]+】|［[^［］\n]+］")
_TITLE = re.compile(r"<<([^\n]+?)>>|《《([^\n]+?)》》")
_FENCE = re.compile(r"\A\s*```[ \t]*\w*[ \t]*\n(.*?)\n?```\s*\Z", re.DOTALL)
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[IVX]{1,5})"


def _some(least: int, most: int) -> Any:
    def draw(supply: Supply) -> dict[str, Any]:
        return {"count": supply.rng.randint(least, most)}

    return draw


def _bullets(text: str, args: Arguments) -> bool:
    return len(_BULLET.findall(text)) == args["count"]


def _highlights(text: str, args: Arguments) -> bool:
    found = [each for each in (*_ONE_STAR.findall(text), *_TWO_STARS.findall(text)) if each.strip()]
    return len(found) >= args["count"]


def _sections(supply: Supply) -> dict[str, Any]:
    splitter = supply.rng.choice(_SPLITTERS["zh" if supply.chinese else "en"])
    return {"splitter": splitter, "count": supply.rng.randint(2, 4)}


def _sectioned(text: str, args: Arguments) -> bool:
    """Headings "Section 1" or "第一部分" at the start of a line, and something in each of them."""
    splitter = re.escape(args["splitter"])
    heading = re.compile(rf"^[ \t#*]*(?:{splitter}[ \t]*{_NUMBER}|第[ \t]*{_NUMBER}[ \t]*{splitter})", re.MULTILINE)
    parts = heading.split(text)[1:]
    return sum(bool(re.search(r"\w", part)) for part in parts) >= args["count"]


def _options(supply: Supply) -> dict[str, Any]:
    return {"options": list(OPTIONS["zh" if supply.chinese else "en"])}


def _fixed(text: str, args: Arguments) -> bool:
    key = comparison_key(text)
    return any(comparison_key(option) in key for option in args["options"])


def _unfenced(text: str) -> str:
    inside = _FENCE.match(text)
    return (inside[1] if inside else text).strip()


def _is_json(text: str, args: Arguments) -> bool:
    try:
        json.loads(_unfenced(text))
    except (ValueError, RecursionError):
        return False
    return True


def _is_xml(text: str, args: Arguments) -> bool:
    """One well-formed element. A document type is refused unread: it could define entities without end."""
    inside = _unfenced(text)
    if "<!" in inside.replace("<!--", "").replace("<![CDATA[", "") or not inside.startswith("<"):
        return False
    try:
        ElementTree.fromstring(inside)
    except (ElementTree.ParseError, ValueError, RecursionError):
        return False
    return True


def _titled(text: str, args: Arguments) -> bool:
    return any((found[1] or found[2]).strip("<>《》 \t") for found in _TITLE.finditer(text))


def _placeholders(text: str, args: Arguments) -> bool:
    return len(_PLACEHOLDER.findall(text)) >= args["count"]


KINDS = (
    Kind("number_placeholders", _some(2, 4), _placeholders),
    Kind("number_bullet_list", _some(2, 5), _bullets),
    Kind("constrained_response", _options, _fixed),
    Kind("number_highlighted_sections", _some(2, 4), _highlights),
    Kind("multiple_sections", _sections, _sectioned),
    Kind("json_format", nothing, _is_json),
    Kind("xml_format", nothing, _is_xml),
    Kind("title", nothing, _titled),
)
