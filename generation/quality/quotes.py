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
    """`found` is the place itself, cut when it is long; "…" stands where text was left out. `field` is the field that
    the text stands in, as findings name it, "" where nobody asked."""

    before: str
    found: str
    after: str
    field: str = ""


def quotes(
    text: str, detail: Mapping[str, Any], *, most: int = MOST, around: int = AROUND, longest: int = LONGEST
) -> list[Quote]:
    """The first places that a finding's detail names in its text, with `around` code points on either side; those that
    do not fit the text are left out."""
    return list(_quotes(text, detail, most, around, longest))


def _quotes(text: str, detail: Mapping[str, Any], most: int, around: int, longest: int) -> Iterator[Quote]:
    spans, field = detail.get("spans"), str(detail.get("field", ""))
    for span in spans[:most] if isinstance(spans, list) else ():
        if not (isinstance(span, list) and len(span) == 2 and all(isinstance(each, int) for each in span)):
            continue
        start, end = span
        if 0 <= start < end <= len(text):
            shown = text[start:end] if end - start <= longest else text[start : start + longest] + "…"
            first, last = max(0, start - around), min(len(text), end + around)
            lead, tail = "…" if first else "", "…" if last < len(text) else ""
            yield Quote(lead + text[first:start], shown, text[end:last] + tail, field)
