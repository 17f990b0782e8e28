"""Documents cut into segments that stand under a heading, with what rules a segment out: all by the text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from generation.documents.chunks import sentences_of
from generation.quality.text import comparison_key, tokens
from generation.types import DocumentView

ALIKE = 0.7
"""The Jaccard measure of two sentences' trigrams above which one repeats the other."""
_LEAST_WORDS = 5
_PARAGRAPH = re.compile(r"\n\s*\n")
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.!?。！？…：:；;][\"'”’」』）)]*$")
_NAVIGATION = re.compile(
    r"\b(home ?page|site ?map|log ?in|sign (in|up|out)|subscribe|newsletter|cookies?|privacy policy"
    r"|terms of (use|service)|all rights reserved|back to top|next page|previous page|read more|contact us|about us"
    r"|search results|related posts|table of contents|skip to content|share this)\b"
    r"|首页|网站地图|登录|注册|订阅|隐私政策|使用条款|版权所有|返回顶部|上一页|下一页|阅读更多|联系我们|关于我们"
    r"|相关文章|点击查看|扫码关注|目录$"
)
_BARS = re.compile(r"\s[|·›»>•]\s")
_SHORT_LINE = 40
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch [start, end) of a document, the headings it stands under, and `reason` why it is ruled out, or ""."""

    start: int
    end: int
    headings: tuple[str, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class _Section:
    """A heading with what stands under it: [start, end), its own text up to `own`, and the sections below."""

    level: int
    title: str
    start: int
    own: int
    end: int
    path: tuple[str, ...]
    below: list[_Section] = field(default_factory=list)


def segments_of(document: DocumentView, *, shortest: int, longest: int, unheaded: bool) -> list[Segment]:
    """Every segment in order, those that are ruled out included.

    A segment is the smallest section that is long enough, with the headings below it; a section that is too long is
    cut between paragraphs. Text above the first heading is ruled out unless `unheaded`.
    """
    text, found = document.text, []
    top = _tree(document)
    if text[: top.own].strip():
        found += _cut(text, top, top.start, top.own, shortest, longest)
        if not unheaded:
            found = [Segment(each.start, each.end, (), "no_heading") for each in found]
    for section in top.below:
        found += _of(text, section, shortest, longest)
    return [each if each.reason else Segment(each.start, each.end, each.headings, _fault(text, each)) for each in found]


def _tree(document: DocumentView) -> _Section:
    """The document as sections within sections."""
    size = len(document.text)
    marks = sorted(each for each in document.headings if 0 <= each[0] < size)
    top = _Section(0, "", 0, marks[0][0] if marks else size, size, ())
    open_ = [top]
    for at, (offset, level, title) in enumerate(marks):
        following = marks[at + 1][0] if at + 1 < len(marks) else size
        while open_[-1].level >= max(level, 1):
            open_.pop().end = offset
        line = document.text.find("\n", offset)
        begin = following if line < 0 else min(line + 1, following)
        section = _Section(max(level, 1), title.strip(), begin, following, size, (*open_[-1].path, title.strip()))
        open_[-1].below.append(section)
        open_.append(section)
    return top


def _of(text: str, section: _Section, shortest: int, longest: int) -> list[Segment]:
    """The segments of a section: those below it, or itself where none below is long enough."""
    lower = [each for below in section.below for each in _of(text, below, shortest, longest)]
    start, end = _trimmed(text, section.start, section.end)
    if all(each.reason for each in lower) and shortest <= end - start <= longest:
        return [Segment(start, end, section.path)]
    return _cut(text, section, section.start, section.own, shortest, longest) + lower


def _cut(text: str, section: _Section, start: int, end: int, shortest: int, longest: int) -> list[Segment]:
    """A stretch of plain text as segments of at most `longest`, cut between paragraphs, then between sentences."""
    start, end = _trimmed(text, start, end)
    found: list[Segment] = []
    while start < end:
        stop = end if end - start <= longest else start + _stop(text[start : start + longest], shortest)
        first, last = _trimmed(text, start, stop)
        if first < last:
            found.append(Segment(first, last, section.path, "" if last - first >= shortest else "segment_too_short"))
        start = stop
    return found


def _stop(window: str, shortest: int) -> int:
    """Where to cut a window that is followed by more: behind its last whole paragraph, else its last sentence."""
    breaks = [found.end() for found in _PARAGRAPH.finditer(window)]
    ends = [found.end() for found in re.finditer(r"[.!?]\s|[。！？]|\n", window)]
    for places in (breaks, ends):
        if places and places[-1] >= shortest:
            return places[-1]
    return len(window)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())


def _fault(text: str, segment: Segment) -> str:
    """The first filter that rules a segment of the right length out."""
    heading, body = segment.headings[-1] if segment.headings else None, text[segment.start : segment.end]
    if heading is not None and not _LETTER.search(heading):
        return "empty_heading"
    if heading is not None and is_all_capitals(heading):
        return "capital_heading"
    if is_navigation(heading or "", body):
        return "navigation_text"
    return "repetitive_sentences" if repeats_itself(body) else ""


def is_all_capitals(heading: str) -> bool:
    """Whether every letter that has a case is a capital, two at least. Chinese has no case."""
    cased = [letter for letter in heading if letter.isupper() or letter.islower()]
    return len(cased) > 1 and all(letter.isupper() for letter in cased)


def is_navigation(heading: str, body: str) -> bool:
    """Whether it is a menu, a footer or a list of links rather than text."""
    if _NAVIGATION.search(comparison_key(heading)):
        return True
    lines = [line.strip() for line in body.split("\n") if line.strip()]
    if len(_NAVIGATION.findall(comparison_key(body))) > max(2, len(body) // 400):
        return True
    if len(_BARS.findall(body)) > max(3, len(body) // 150):
        return True
    torn = [line for line in lines if len(line) < _SHORT_LINE and not _SENTENCE_END.search(line)]
    return len(lines) > 5 and len(torn) > _MOSTLY * len(lines) and not _is_list(lines)


def _is_list(lines: Sequence[str]) -> bool:
    """Whether most of the lines are items of a marked list: those belong to good texts."""
    return sum(bool(re.match(r"[-*•–]\s|\d+[.)、）]", line)) for line in lines) > len(lines) // 2


def repeats_itself(body: str) -> bool:
    """Whether two of its sentences say nearly the same, by the trigrams of their words."""
    grams = [found for sentence in sentences_of(body) if (found := _trigrams(sentence))]
    return any(len(one & other) > ALIKE * len(one | other) for one, other in combinations(grams, 2))


def _trigrams(sentence: str) -> frozenset[tuple[str, ...]]:
    words = tokens(sentence)
    return frozenset(_windows(words)) if len(words) >= _LEAST_WORDS else frozenset()


def _windows(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + 3]) for at in range(len(words) - 2))
