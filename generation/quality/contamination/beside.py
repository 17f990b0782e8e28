"""Two texts beside each other, what they share told apart: an evaluation text and the row that repeats it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from generation.quality.contamination.places import word_places

MOST = 360
"""Code points of a text that are kept to be shown."""
MOST_FIELDS = 3
_BEFORE = 60
_CUT = "…"


def parts(text: str, spans: Iterable[tuple[int, int]], *, most: int = MOST) -> list[str]:
    """The text in pieces of which every second one, from the second on, is shared. A text of over `most` code points is
    cut to them, from a little before the first shared one on; "…" stands for what was left out. Spans are in order."""
    shared = [(start, end) for start, end in spans if 0 <= start < end <= len(text)]
    begin = max(0, shared[0][0] - _BEFORE) if shared and len(text) > most else 0
    last = min(len(text), begin + most)
    found, at = [], begin
    for start, end in shared:
        if start >= last:
            break
        found += [text[at:start], text[start : min(end, last)]]
        at = min(end, last)
    found.append(text[at:last])
    if begin:
        found[0] = _CUT + found[0]
    if last < len(text):
        found[-1] += _CUT
    return found


def parts_of_item(text: str, words: Sequence[tuple[int, int]]) -> list[str]:
    """An evaluation text in such pieces; `words` are the runs of its words that a row repeats (`Hit.words`)."""
    where = word_places(text)
    if not where or (words and words[-1][1] > len(where)):
        return parts(text, [(0, len(text))])
    return parts(text, [(where[first][0], where[behind - 1][1]) for first, behind in words])


def parts_of_row(
    fields: Mapping[str, str], spans: Sequence[tuple[str, int, int]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The first fields of a row that repeat something, each with its pieces; `spans` as `Hit` has them."""
    named = [name for name in dict.fromkeys(name for name, _start, _end in spans) if fields.get(name)]
    return tuple(
        (name, tuple(parts(fields[name], ((start, end) for field, start, end in spans if field == name))))
        for name in named[:MOST_FIELDS]
    )
