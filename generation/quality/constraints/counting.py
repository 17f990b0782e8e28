"""Words, sentences and paragraphs as people count them, in English and in Chinese."""

from __future__ import annotations

import re

from generation.quality.text import CJK, tokens

_ENDS = re.compile(
    r"(?:[。！？｡]+|…+)[\"'”’」』）)\]】]*"  # Chinese marks end a sentence wherever they stand
    r"|[.!?]+[\"'”’」』）)\]】]*(?=\s|\Z)"  # Western ones before a blank: 3.5 and a.b end nothing
    r"|\n+"
)
_SHORT = re.compile(r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|no|fig|approx|e\.g|i\.e)|\b[A-Za-z])\.$", re.IGNORECASE)
_LETTER = re.compile(rf"[^\W_]|[{CJK}]")
_EDGES = " \t\r\n\"'“”‘’「」『』《》()（）[]【】*_#.,;:!?。，；：！？、…-—"


def count_words(text: str) -> int:
    """Letter runs, each Chinese character one word."""
    return len(tokens(text))


def sentences(text: str) -> list[str]:
    """The sentences of the text. A mark inside a number, after an initial or a short form ends none; a line end does.

    What holds no letter or digit is no sentence.
    """
    found, start = [], 0
    for end in _ENDS.finditer(text):
        piece = text[start : end.end()]
        if end[0].startswith(".") and _SHORT.search(piece.rstrip()) and text[end.end() :].strip():
            continue
        found.append(piece)
        start = end.end()
    found.append(text[start:])
    return [piece.strip() for piece in found if _LETTER.search(piece)]


def paragraphs(text: str) -> list[str]:
    """What stands between blank lines; empty ones left out."""
    return [each.strip() for each in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")) if each.strip()]


def bare(text: str) -> str:
    """The text without quotation marks, punctuation and blanks at its ends."""
    return text.strip(_EDGES)
