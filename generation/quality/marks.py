"""Texts that are dear to normalise: a letter under thousands of marks takes time by the square of their number."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache

MOST = 30
"""Marks in a row, as the Stream-Safe Text Process of Unicode (UAX #15) has it."""
_JOINER = "\u034f"


def streamed(text: str) -> str:
    """The text with the joiner that shows nothing (U+034F) behind every thirty marks in a row, so that none is long."""
    return text if text.isascii() or not _suspicious().search(text) else _rows().sub(rf"\g<0>{_JOINER}", text)


@cache
def _signs() -> str:
    signs = (chr(code) for code in range(0x300, sys.maxunicode + 1) if unicodedata.combining(chr(code)))
    return "[" + "".join(map(re.escape, signs)) + "]"


@cache
def _suspicious() -> re.Pattern[str]:
    most = f"{{{MOST + 1}}}"
    return re.compile(r"[^\x00-\u02ff\u2000-\u20cf\u2100-\u2bff\u3040-\u3098\u309b-\ua66e\uac00-\ud7ff]" + most)


@cache
def _rows() -> re.Pattern[str]:
    return re.compile(f"{_signs()}{{{MOST}}}(?={_signs()})")
