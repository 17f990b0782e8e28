"""A document cut into passages: at headings first, then between paragraphs, then between sentences.

A passage is a stretch of the document's own text: `text[start:end]` is the passage, nothing is added or changed. The
cuts follow from the text, the headings and the two sizes alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from generation.types import DocumentView

_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE = re.compile(
    r"(?<=[。！？；…])[”’」』）)\]\"']*\s*"  # Chinese: no blank follows the stop
    r"|(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9\u00c0-\u024f\u4e00-\u9fff])"
    r"|\n+"
)
_SHORT_FORM = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|cf|No|Fig|Eq|pp|al)|\b[A-Z])\.$")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: [start, end) in the document's text, and the titles of the headings that it stands under."""

    start: int
    end: int
    headings: tuple[str, ...] = ()


def chunks_of(document: DocumentView, *, size: int, overlap: int = 0) -> Sequence[Chunk]:
    """The document's passages in order, each of at most `size` code points.

    Neighbours under one heading share up to `overlap` code points, whole sentences where they fit. Every sign of the
    text but blanks is in a passage.
    """
    if not 0 <= overlap < size:
        raise ValueError("overlap must be less than size")
    return _chunks(document.text, document.headings, size, overlap)


def sentences_of(text: str) -> list[str]:
    """The text's sentences, in English and Chinese, without the blanks around them."""
    return [text[start:end] for start, end in _trimmed(text, _sentences(text, 0, len(text)))]


@lru_cache(maxsize=8)
def _chunks(text: str, headings: tuple[tuple[int, int, str], ...], size: int, overlap: int) -> tuple[Chunk, ...]:
    found: list[Chunk] = []
    for start, end, path in _sections(text, headings, size):
        found += [Chunk(*span, path) for span in _filled(text, _pieces(text, start, end, size), size, overlap)]
    return tuple(found)


def _sections(
    text: str, headings: Sequence[tuple[int, int, str]], size: int
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Stretches between headings with the titles above them. A section joins the one before it where both together
    stay within half of `size` and neither opens a higher level: a heading alone is no passage."""
    starts = [(0, 0, ""), *(each for each in headings if 0 <= each[0] < len(text))]
    open_: tuple[int, int, tuple[str, ...]] | None = None
    open_level = 0
    above: list[tuple[int, str]] = []
    for at, (start, level, title) in enumerate(starts):
        end = starts[at + 1][0] if at + 1 < len(starts) else len(text)
        if level:
            above = [each for each in above if each[0] < level] + [(level, title)]
        if not text[start:end].strip():
            continue
        path = tuple(each for _, each in above)
        bare = open_ is not None and _is_bare(text, open_, headings)
        if open_ is not None and (bare or (end - open_[0] <= size // 2 and level >= open_level)):
            open_ = (open_[0], end, path if bare else open_[2])
            open_level = level if bare else open_level
            continue
        if open_ is not None:
            yield open_
        open_, open_level = (start, end, path), level
    if open_ is not None:
        yield open_


def _is_bare(text: str, section: tuple[int, int, tuple[str, ...]], headings: Sequence[tuple[int, int, str]]) -> bool:
    """Whether the section says no more than its own title."""
    title = section[2][-1] if section[2] else ""
    said = text[section[0] : section[1]].strip().strip("#=- \t\n")
    return bool(title) and len(said) <= len(title) + 2


def _pieces(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int, bool]]:
    """Stretches that no cut should go through, in order, each at most `size` long, blanks at their edges left out.
    True for the first of a paragraph."""
    for first, last in _trimmed(text, _split(text, start, end, _PARAGRAPH)):
        fresh = True
        for one, other in _trimmed(text, _sentences(text, first, last)):
            while other - one > size:
                cut = _hard_cut(text, one, one + size)
                yield one, one + len(text[one:cut].rstrip()), fresh
                one, fresh = cut, False
                while one < other and _BLANK.match(text[one]):
                    one += 1
            if one < other:
                yield one, other, fresh
            fresh = False


def _hard_cut(text: str, start: int, end: int) -> int:
    """Where a sentence that is longer than a passage is cut: behind its last blank, or just there."""
    for at in range(end, start + (end - start) // 2, -1):
        if _BLANK.match(text[at - 1]):
            return at
    return end


def _filled(text: str, pieces: Iterator[tuple[int, int, bool]], size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Pieces side by side until `size` is reached; the next passage begins with the last pieces of the one before."""
    held: list[tuple[int, int, bool]] = []
    for piece in pieces:
        if held and piece[1] - held[0][0] > size:
            cut = _best_cut(held, size)
            yield held[0][0], held[cut - 1][1]
            held = _shared(held[:cut], overlap, room=size - (piece[1] - held[cut - 1][1])) + held[cut:]
            while held and piece[1] - held[0][0] > size:
                held = held[1:]
        held.append(piece)
    if held:
        yield held[0][0], held[-1][1]


def _best_cut(held: Sequence[tuple[int, int, bool]], size: int) -> int:
    """How many pieces go: all, or those before the last paragraph where that leaves at least half of `size`."""
    for at in range(len(held) - 1, 0, -1):
        if held[at][2] and 2 * (held[at - 1][1] - held[0][0]) >= size:
            return at
    return len(held)


def _shared(held: Sequence[tuple[int, int, bool]], overlap: int, *, room: int) -> list[tuple[int, int, bool]]:
    """The last pieces that fit into `overlap` and leave room for what follows."""
    most, at = min(overlap, room), len(held)
    while at > 1 and held[-1][1] - held[at - 1][0] <= most:
        at -= 1
    return list(held[at:])


def _split(text: str, start: int, end: int, joint: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for found in joint.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences with their own stops and the quotation marks that close behind them."""
    first = start
    for found in _SENTENCE.finditer(text, start, end):
        if found.end() == first or _SHORT_FORM.search(text, max(first, found.start() - 8), found.start()):
            continue
        yield first, found.end()
        first = found.end()
    yield first, end


def _trimmed(text: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in spans:
        while start < end and _BLANK.match(text[start]):
            start += 1
        while end > start and _BLANK.match(text[end - 1]):
            end -= 1
        if start < end:
            yield start, end
