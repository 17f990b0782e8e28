"""Where in a long context the evidence stands: readers, human and model, find the middle last (arXiv 2307.03172)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generation.types import Draft

BINS = 5
PLACE = "passage_position"
"""What a draft counts the place of its evidence under, as "3/9"."""
_PLACE = re.compile(r"(\d{1,6})/(\d{1,6})")


def position_of(draft: Draft) -> float | None:
    """How far into its passages a row's evidence stands, 0 for the first of them to 1 for the last; None when the row
    does not say or has one passage only."""
    found = _PLACE.fullmatch(draft.counted.get(PLACE, ""))
    if not found:
        return None
    place, passages = int(found[1]), int(found[2])
    return (place - 1) / (passages - 1) if 1 <= place <= passages and passages > 1 else None


def bin_of(position: float, *, bins: int = BINS) -> int:
    """The bin of a position, each as wide as the others; the last holds 1 too."""
    return min(bins - 1, int(position * bins))


def uneven(counts: Sequence[int]) -> float | None:
    """Pearson's chi² against equal bins; None without rows. With 4 degrees of freedom 9.49 is p = .05."""
    total = sum(counts)
    if not total:
        return None
    mean = total / len(counts)
    return sum((count - mean) ** 2 for count in counts) / mean
