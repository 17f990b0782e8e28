"""Text as every database can hold it."""

from __future__ import annotations

import re

_REPLACED = "\ufffd"
_SURROGATES = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with NUL and lone surrogates as U+FFFD. What came is kept in the call's raw bytes."""
    if text.isascii():
        return text.replace("\x00", _REPLACED)
    return _SURROGATES.sub(_REPLACED, text.replace("\x00", _REPLACED))
