"""Comments and trailing commas: JSON has neither, people write both. Found, named, and on request read over."""

from __future__ import annotations

import re

_COMMENT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|(//[^\n]*|/\*.*?(?:\*/|\Z))', re.DOTALL)
_COMMA = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|(,)(?=[ \t\r\n]*(?:[}\]]|\Z))', re.DOTALL)
_NO_LINE_END = re.compile(rb"[^\n]")


def uncommented(raw: bytes) -> bytes:
    """The bytes with blanks in the place of `//` and `/* */` comments outside texts; every line keeps its number."""
    return _COMMENT.sub(_blanked, raw) if b"/" in raw else raw


def relaxed(raw: bytes) -> bytes:
    """`uncommented`, and with blanks in the place of commas that stand right before a closing bracket or last."""
    return _COMMA.sub(_blanked, uncommented(raw))


def _blanked(found: re.Match[bytes]) -> bytes:
    return _NO_LINE_END.sub(b" ", found[1]) if found[1] else found[0]
