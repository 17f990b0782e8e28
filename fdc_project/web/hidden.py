"""Characters that the eye cannot see and that can mislead it: which they are, and what to call them."""

from __future__ import annotations

import re
import unicodedata

_NAMES = {
    0x00AD: "SHY", 0x034F: "CGJ", 0x061C: "ALM", 0x115F: "HCF", 0x1160: "HJF", 0x180E: "MVS",
    0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM", 0x2028: "LSEP", 0x2029: "PSEP",
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ", 0x2066: "LRI",
    0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0x3164: "HF", 0xFEFF: "BOM", 0xFFA0: "HHF",
}  # fmt: skip
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_JOINERS = "\u200c\u200d"
_SELECTOR = re.compile("[\U000e0100-\U000e01ef]")
_HAN = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_JOINED = re.compile("[\u0600-\u08ff\u0900-\u0dff\u2190-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefe\U0001f000-\U0001faff]")


def hidden_in(text: str) -> list[re.Match[str]]:
    """The hidden characters of a text, in order. Joiners inside emoji, Arabic or Indic words and variation selectors
    after a Chinese character do their proper work there and are not counted."""
    return [found for found in _HIDDEN.finditer(text) if not _is_proper(text, found.start())]


def name_of(character: str) -> str:
    """A short name for a hidden character ("ZWSP", "U+E0041")."""
    code = ord(character)
    return _NAMES.get(code) or f"U+{code:04X}"


def long_name_of(character: str) -> str:
    """Its Unicode name with its number, for the tooltip."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'CONTROL')}"


def _is_proper(text: str, at: int) -> bool:
    if _SELECTOR.match(text[at]):
        return at > 0 and bool(_HAN.match(text[at - 1]))
    if text[at] not in _JOINERS or not 0 < at < len(text) - 1:
        return False
    return bool(_JOINED.match(text[at - 1]) and _JOINED.match(text[at + 1]))
