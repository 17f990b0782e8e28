"""How much of an evaluation item a row repeats, and where the row does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from generation.quality.contamination.places import word_places

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_WINDOW = 1000
"""Words of an item and of a row that difflib is given at most, from a little before the first run that they share."""


def covered(words: int, places: npt.NDArray[np.intp], *, length: int) -> float:
    """The share of an item's words that lie in runs of so many words beginning at these places."""
    import numpy as np

    steps = np.zeros(words + 1, np.int64)
    np.add.at(steps, places, 1)
    np.add.at(steps, np.minimum(places + length, words), -1)
    return float(np.count_nonzero(np.cumsum(steps)[:words])) / words


def matched(
    row: npt.NDArray[np.uint64], item: npt.NDArray[np.uint64], *, letters: Sequence[int],
    around: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]],
) -> float:  # fmt: skip
    """The share of an item's letters in the blocks that difflib matches, word by word (Cosmopedia does it by letters).

    An item of over 1,000 words is judged by the 1,000 from the first shared run on.
    """
    here, there = (int(places[0]) for places in around)
    begin = there if len(item) > _WINDOW else 0
    mine = item[begin : begin + _WINDOW].tolist()
    first = max(0, here - (there - begin))
    blocks = SequenceMatcher(None, row[first : first + _WINDOW].tolist(), mine, autojunk=False).get_matching_blocks()
    weights = letters[begin : begin + _WINDOW]
    return sum(sum(weights[block.b : block.b + block.size]) for block in blocks) / max(1, sum(weights))


def joined(places: npt.NDArray[np.intp], *, length: int) -> list[tuple[int, int]]:
    """(first, behind the last) of what runs of so many words cover that begin at these places, in order."""
    held: list[tuple[int, int]] = []
    for place in places.tolist():
        if held and place <= held[-1][1]:
            held[-1] = (held[-1][0], place + length)
        else:
            held.append((place, place + length))
    return held


def stretches(
    fields: Mapping[str, str], words: Sequence[bytes], places: npt.NDArray[np.intp], *, length: int
) -> list[tuple[str, int, int]]:
    """(field, start, end) in code points of what runs of so many words cover that begin at these places of the row."""
    held = joined(places, length=length)
    found, before = [], 0
    for (name, text), hashed in zip(fields.items(), words, strict=True):
        after = before + len(hashed) // 8
        inside = [(max(begin, before), min(end, after)) for begin, end in held if begin < after and end > before]
        where = word_places(text) if inside else []
        for begin, end in inside if where else ():
            found.append((name, where[begin - before][0], where[end - 1 - before][1]))
        before = after
    return found
