"""What a document's file is read into, and the builder that keeps offsets right while it grows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generation.quality.marks import streamed

_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_GONE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff\u00ad]")
_TORN = re.compile("[\ud800-\udfff]")
_TRAILING = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++$", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")
LONGEST_TITLE = 300
CHAPTER = re.compile(
    r"^[ \t\u3000]*(?:(第[一二三四五六七八九十百零〇两\d]{1,7}[章编篇部])|(第[一二三四五六七八九十百零〇两\d]{1,7}节)"
    r"|((?:Chapter|CHAPTER|Part|PART) (?:\d{1,3}|[IVXL]{1,7}))\b)[^\n。！？!?;；]{0,60}$"
)
"""A line that opens a chapter (groups 1 and 3) or a section (2) of a text that has no other marks."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document's text in NFC with `headings` (offset, level, title) and what else is known of it.

    `meta` may hold title, author, created, description, encoding, `pages` (the offset of each page), and counts of
    what could not be kept: `pages_unread`, `pages_without_text`.
    """

    kind: str
    text: str
    headings: tuple[tuple[int, int, str], ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""


def clean(text: str) -> str:
    """The text in NFC with line feeds for ends of lines, without controls and signs that show nothing."""
    text = _TORN.sub("\ufffd", _GONE.sub("", _ENDS.sub("\n", text)))
    return unicodedata.normalize("NFC", streamed(text))


def tidy(text: str) -> str:
    """A whole plain text, cleaned: no blanks at the ends of lines, at most one empty line in a row, none outside."""
    return _GAPS.sub("\n\n", _TRAILING.sub("", clean(text))).strip("\n")


class Builder:
    """Text that grows by blocks. A block may be told to be a heading; a page begins with the next block."""

    def __init__(self) -> None:
        self.headings: list[tuple[int, int, str]] = []
        self.pages: list[int] = []
        self._parts: list[str] = []
        self._size = 0
        self._waiting = 0

    @property
    def size(self) -> int:
        """Code points so far."""
        return self._size

    def add(self, text: str, *, joint: str = "\n\n", level: int = 0) -> None:
        """Appends a block behind `joint`; a blank one is left out."""
        text = clean(text)
        text = text.rstrip() if joint == "\n" else text.strip()  # a line of code keeps its indent
        if not text.strip():
            return
        if self._parts:
            self._put(joint)
        while self._waiting:
            self.pages.append(self._size)
            self._waiting -= 1
        if level:
            self.headings.append((self._size, level, text[:LONGEST_TITLE]))
        self._put(text)

    def page(self) -> None:
        """The next block stands on a new page."""
        self._waiting += 1

    def text(self) -> str:
        """All of it. Pages that nothing stood on begin where the text ends."""
        self.pages += [self._size] * self._waiting
        self._waiting = 0
        return "".join(self._parts)

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)


def chapters(text: str) -> list[tuple[int, int, str]]:
    """The lines of a plain text that open chapters and sections, as headings."""
    found, at = [], 0
    for line in text.split("\n"):
        mark = CHAPTER.match(line) if len(line) <= 90 else None
        if mark:
            title = line.strip(" \t\u3000")
            found.append((at + line.index(title[0]), 2 if mark[2] else 1, title))
        at += len(line) + 1
    return found
