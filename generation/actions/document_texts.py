"""A document's text as its page shows it: a stretch of it, with headings, pages and what was made from where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Substr

from generation.models import Document, Grounding, Run

STRETCH = 20_000
"""Code points that a page shows at once."""
MOST_GROUNDS = 400
LONGEST_QUOTE = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text that nothing begins or ends in. `level` is its heading's, `page` begins here; `samples` were made from
    it, and `ends` are those whose evidence ends here."""

    text: str
    start: int
    level: int = 0
    page: int = 0
    samples: Sequence[int] = ()
    ends: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a document's text, and the offsets of the parts beside it, None where there are none."""

    start: int
    end: int
    pieces: Sequence[Piece]
    grounds: Sequence[Grounding]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sample comes from, in words: the document, its page (0 where it has none) and what stands there."""

    document: int
    name: str
    start: int
    end: int
    page: int
    quote: str


def stretch_of(document: Document, *, at: int = 0) -> Stretch:
    """The stretch of the text in which the offset `at` stands."""
    text = document.text
    first = _border(text, max(0, min(at, len(text) - 1)) // STRETCH * STRETCH)
    if at < first:
        first = _border(text, first - STRETCH)
    last = _border(text, (first // STRETCH + 1) * STRETCH)
    met = Grounding.objects.filter(document=document, start__lt=last, end__gt=first, index=0)
    grounds = list(met.select_related("sample").order_by("start", "id")[:MOST_GROUNDS])
    return Stretch(
        first,
        last,
        _pieces(document, first, last, grounds),
        grounds,
        _border(text, first - STRETCH) if first else None,
        last if last < len(text) else None,
    )


def page_at(document: Document, *, offset: int) -> int:
    """The page, from 1, on which the offset stands; 0 for a document without pages."""
    return bisect_right(document.meta.get("pages", ()), offset)


def places_of(samples: Iterable[int]) -> dict[int, list[Place]]:
    """Where in documents each of these samples comes from, what it quotes first. One query, whatever their size."""
    found: dict[int, list[Place]] = {}
    rows = Grounding.objects.filter(sample__in=list(samples)).select_related("document")
    rows = rows.defer("document__content", "document__text", "document__headings")
    said = rows.annotate(said=Substr("document__text", F("start") + 1, 2 * LONGEST_QUOTE))
    for row in said.order_by("sample", "index"):
        found.setdefault(row.sample_id, []).append(_place(row, row.said))
    return found


def use_of(documents: Sequence[Document]) -> dict[int, tuple[int, int]]:
    """Document -> how many samples were made from it, and how many runs drew from it."""
    made = Grounding.objects.filter(document__in=[each.pk for each in documents]).values("document")
    samples = dict(made.annotate(n=Count("sample", distinct=True)).values_list("document", "n"))
    runs: dict[int, int] = {}
    projects = {each.project_id for each in documents}
    pinned = Run.objects.filter(~Q(sources={}), project__in=projects).values_list("pinned__documents", flat=True)
    for ids in pinned:
        for pk in ids or ():
            runs[pk] = runs.get(pk, 0) + 1
    return {each.pk: (samples.get(each.pk, 0), runs.get(each.pk, 0)) for each in documents}


def _place(row: Grounding, said: str) -> Place:
    quote = " ".join(said[: row.end - row.start].split())
    cut = len(quote) > LONGEST_QUOTE or row.end - row.start > len(said)
    page = page_at(row.document, offset=row.start)
    return Place(
        row.document_id, row.document.name, row.start, row.end, page,
        quote[: LONGEST_QUOTE - 1] + "…" if cut else quote,
    )  # fmt: skip


def _border(text: str, at: int) -> int:
    """The offset behind the first end of a line from `at` on, or `at` itself where the next lines are long."""
    if at <= 0 or at >= len(text):
        return max(0, min(at, len(text)))
    found = text.find("\n", at, at + STRETCH // 4)
    return at if found < 0 else found + 1


def _pieces(document: Document, first: int, last: int, grounds: Sequence[Grounding]) -> list[Piece]:
    pages = {start: number for number, start in enumerate(document.meta.get("pages", ()), 1) if first <= start < last}
    heads: dict[int, tuple[int, int]] = {}
    for start, level, title in document.headings:
        if first <= start < last:
            heads[start] = (level, _heading_end(document.text, start, title))
    cuts = {first, last, *pages, *heads, *(min(end, last) for _, end in heads.values())}
    cuts |= {max(first, each.start) for each in grounds} | {min(last, each.end) for each in grounds}
    places = sorted(cuts)
    made, open_ = [], (0, 0)
    for start, end in pairwise(places):
        open_ = heads.get(start, open_)
        level = open_[0] if start < open_[1] else 0
        made.append(_piece(document.text, start, end, level, pages.get(start, 0), grounds))
    return made


def _heading_end(text: str, start: int, title: str) -> int:
    """Where the line of a heading ends; a heading that its line does not say marks nothing."""
    line = text[start : start + 2 * len(title) + 40].partition("\n")[0]
    bare = "".join(title.split()).lower()
    said = "".join(line.split()).strip("#=*_` ").lower()
    return start + len(line) if said.startswith(bare[:20]) else start


def _piece(text: str, start: int, end: int, level: int, page: int, grounds: Sequence[Any]) -> Piece:
    here = [each for each in grounds if each.start < end and each.end > start]
    return Piece(
        text[start:end],
        start,
        level,
        page,
        tuple(each.sample_id for each in here),
        tuple(each.sample_id for each in here if each.end <= end or end == len(text)),
    )
