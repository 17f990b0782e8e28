"""Small things that recipes do with text before a model sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generation.quality.language import detect

_BLANK = re.compile(r"\s+")
_TICKS = re.compile(r"`{3,}")


def one_line(text: str) -> str:
    """The text with every run of blanks made one blank."""
    return _BLANK.sub(" ", text).strip()


def fence(text: str) -> str:
    """The text inside a fence of backticks that nothing in it can close: whatever it says, it is data."""
    ticks = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    return f"{ticks}\n{text}\n{ticks}"


def numbered(texts: Sequence[str]) -> str:
    """The texts as a list from 1, a line each."""
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def language_of(text: str, *, otherwise: str) -> str:
    """ "zh" or "en" by the script that carries most of the text; `otherwise` for every other."""
    found = detect(text)
    return found if found in ("en", "zh") else otherwise
