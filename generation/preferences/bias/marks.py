"""What can be seen of one text: its form, its length, whether it refuses. Counted, never understood."""

from __future__ import annotations

import re
import unicodedata

from generation.quality.checks.refusal import is_refusal

FORMATS = ("lists", "bold", "code", "headings", "emoji")
_ITEM = r"[ \t]*(?:[-*•·]|\d{1,2}[.)、）]|[（(]\d{1,2}[)）])[ \t]*\S"
_PATTERNS = {
    "lists": re.compile(rf"(?:^|\n){_ITEM}.*\n(?:.*\n)?{_ITEM}"),
    "bold": re.compile(r"\*\*[^*\n]{1,200}\*\*|__[^_\n]{1,200}__"),
    "code": re.compile(r"```|`[^`\n]{1,200}`"),
    "headings": re.compile(r"(?:^|\n)#{1,6} \S|(?:^|\n)[一二三四五六七八九十]{1,3}、\S"),
    "emoji": re.compile("[\U0001f300-\U0001faff\u2600-\u26ff\u2705\u274c\u2728\u2b50\u2764]"),
}  # fmt: skip
REFUSES = 1 << len(FORMATS)
FOREIGN = REFUSES << 1
"""Bits beside those of the formats: the text refuses; it is in another language than its prompt."""


def length_of(text: str) -> int:
    """Code points after NFC: a Chinese character is one."""
    return len(text) if text.isascii() else len(unicodedata.normalize("NFC", text))


def bits_of(text: str) -> int:
    """The formats that the text uses and whether it refuses, one bit each in the order of `FORMATS`."""
    bits = sum(1 << at for at, name in enumerate(FORMATS) if _PATTERNS[name].search(text))
    return bits | (REFUSES if is_refusal(text) else 0)
