"""A PDF's lines into paragraphs: the file knows where letters stand, not where a sentence goes on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generation.documents.parsed import CHAPTER, Builder, clean

_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]")
_STOP = re.compile(r"[.!?:;。！？：；…][\"'”’」』）)\]]*$")
_ITEM = re.compile(
    r"^(?:[-•·▪◦*–—]|\(?\d{1,3}[.)、）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、)"
)
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")
_BROKEN = ("\x02", "\u00ad", "\ufffe")
"""What stands at the end of a line for a hyphen that only the line's end needed."""
_FULL = 0.75
_HEADLINE = 40
"""Characters that a title without a stop rarely has."""
_RUNNING_FROM = 4
_RUNNING_SHARE = 0.6


@dataclass
class Sheets:
    """Pages as lists of lines, and the outline as (level, title, page from 1)."""

    pages: list[list[str]] = field(default_factory=list)
    outline: list[tuple[int, str, int]] = field(default_factory=list)


def assemble(sheets: Sheets) -> Builder:
    """The pages as one text with paragraphs; lines that repeat at the edge of most pages are left out."""
    running = _running(sheets.pages)
    titles: dict[int, dict[str, int]] = {}
    for level, title, page in sheets.outline:
        titles.setdefault(page, {}).setdefault(_key(title), level)
    built, last = Builder(), ""
    for number, lines in enumerate(sheets.pages, 1):
        built.page()
        kept = [line.strip() for line in lines if _shape(line) not in running]
        for at, (paragraph, level) in enumerate(_paragraphs(kept, titles.get(number, {}), chapters=not sheets.outline)):
            over = not at and not level and paragraph and _goes_over(last, paragraph)
            built.add(paragraph, level=level, joint=_blank(last, paragraph) if over else "\n\n")
            last = "" if level else paragraph
    return built


def _paragraphs(lines: Sequence[str], titles: Mapping[str, int], *, chapters: bool) -> Iterator[tuple[str, int]]:
    """The page's paragraphs, and its headings with their level."""
    width, open_, last = _full_width([line for line in lines if line]), "", ""
    for line in lines:
        if not line:
            yield open_, 0
            open_ = ""
            continue
        level = titles.get(_key(line), 0) or (1 if chapters and CHAPTER.match(line) else 0)
        if open_ and (level or not _goes_on(last, line, width)):
            yield open_, 0
            open_ = ""
        if level:
            yield line, level
        else:
            open_ = _joined(open_, line)
        last = line
    yield open_, 0


def mark_outline(built: Builder, outline: Sequence[tuple[int, str, int]]) -> None:
    """Headings of the outline that no line says stand where their page begins. Call it once the text is whole."""
    known = {_key(title) for _, _, title in built.headings}
    for level, title, page in outline:
        if _key(title) not in known and _key(title) and page <= len(built.pages):
            built.headings.append((built.pages[page - 1], level, clean(title).strip()))
    built.headings.sort(key=lambda each: each[0])


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """Shapes of first and last lines that most pages share: running titles and page numbers."""
    if len(pages) < _RUNNING_FROM:
        return set()
    edges: Counter[str] = Counter()
    for lines in pages:
        said = [line for line in lines if line.strip()]
        edges.update({_shape(line) for line in (*said[:1], *said[-1:])})
    return {shape for shape, count in edges.items() if count >= _RUNNING_SHARE * len(pages) and len(shape) <= 80}


def _shape(line: str) -> str:
    return _DIGITS.sub("0", _BLANKS.sub(" ", line.strip()))


def _key(text: str) -> str:
    return _BLANKS.sub("", clean(text)).lower()


def _wide(line: str) -> int:
    return len(line) + len(_WIDE.findall(line))


def _full_width(lines: Sequence[str]) -> int:
    """How wide a full line of the page is."""
    widths = sorted(_wide(line) for line in lines)
    return widths[int(0.8 * (len(widths) - 1))] if widths else 0


def _goes_on(last: str, line: str, width: int) -> bool:
    """Whether the line continues the paragraph that ends with the line `last`."""
    if last.endswith(_BROKEN):
        return True
    if _ITEM.match(line):
        return False
    full = _wide(last) >= _FULL * width
    if _STOP.search(last):
        return full and _wide(last) >= 0.9 * width
    return full or line[:1].islower()


def _joined(before: str, line: str) -> str:
    """The paragraph with one more line: no blank between Chinese characters, no hyphen of a line's end."""
    if not before:
        return line
    if before.endswith(_BROKEN):
        return before[:-1] + line
    return before + _blank(before, line) + line


def _goes_over(last: str, first: str) -> bool:
    """Whether a page begins in the middle of a sentence that the page before did not end."""
    if not last or _STOP.search(last) or _ITEM.match(first):
        return False
    number = first[0].isdigit() and len(last) > _HEADLINE
    return first[0].islower() or number or bool(_WIDE.match(last[-1]) and _WIDE.match(first[0]))


def _blank(before: str, line: str) -> str:
    return "" if _WIDE.match(before[-1]) and _WIDE.match(line[0]) else " "
