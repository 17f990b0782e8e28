"""A place in a text with a little of what stands around it, as findings are shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

AROUND = 24
LONGEST = 60
MOST = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """`found` is the place itself, cut when it is long; "…" stands where text was left out."""

    before: str
    found: str
    after: str


def quotes(text: str, detail: Mapping[str, Any], *, most: int = MOST) -> list[Quote]:
    """The first places that a finding's detail names in its text; those that do not fit the text are left out."""
    return list(_quotes(text, detail.get("spans"), most))


def _quotes(text: str, spans: Any, most: int) -> Iterator[Quote]:
    for span in spans[:most] if isinstance(spans, list) else ():
        if not (isinstance(span, list) and len(span) == 2 and all(isinstance(each, int) for each in span)):
            continue
        start, end = span
        if 0 <= start < end <= len(text):
            yield _quote(text, start, end)


def _quote(text: str, start: int, end: int) -> Quote:
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    shown = text[start:end] if end - start <= LONGEST else text[start : start + LONGEST] + "…"
    before = text[first:start]
    return Quote(("…" if first else "") + before, shown, text[end:last] + ("…" if last < len(text) else ""))
