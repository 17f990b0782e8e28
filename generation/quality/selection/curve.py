"""What quality costs in diversity: the same pool chosen from with the weight moved from scores to novelty.

A few rows of less quality that differ may serve a model better than good ones that repeat each other (004-25); where
the curve bends is for a person to see, not for a formula. At its far end novelty alone takes what is like nothing else:
outliers too, which is why coverage falls again there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generation.quality.selection.candidates import Candidate, Missing, Weights
from generation.quality.selection.choosing import select
from generation.quality.selection.likeness import Likeness, TextLikeness, VectorLikeness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS = tuple(step / 10 for step in range(11))
MOST_ROWS = 2000
"""Rows that a curve is drawn of; the caller draws them by chance where there are more."""


@dataclass(frozen=True, slots=True)
class Point:
    """One choice on the curve. `share` is the weight of novelty, 0 to 1; `quality` and `complexity` are means of the
    chosen (None where nothing is scored), `diversity` the mean of 1 - the likeness to the nearest chosen neighbour,
    `coverage` the share of the pool's shared terms (those of two rows at least) that the chosen rows hold."""

    share: float
    rows: int
    quality: float | None
    complexity: float | None
    diversity: float
    coverage: float
    ids: tuple[int, ...]


class TradeOff:
    """The pool that a curve is drawn of: the rows that have the scores which are weighed, how like they are to each
    other, and the terms that they share. Rows without a score are in none of its points, also not where scores weigh
    nothing, so that all points choose from the same rows; so are rows over `ceiling`.

    `vectors` (rows x width) say how like rows are; without them their texts do. Coverage is always of terms.
    """

    def __init__(
        self, candidates: Sequence[Candidate], *, texts: Sequence[str], complexity: bool = True,
        missing: Missing = "leave_out", ceiling: float | None = None, vectors: NDArray[np.float32] | None = None,
    ) -> None:  # fmt: skip
        wanted = [
            at for at, each in enumerate(candidates)
            if (missing == "three" or (each.quality is not None and (not complexity or each.complexity is not None)))
            and (ceiling is None or each.quality is None or each.quality <= ceiling)
        ]  # fmt: skip
        self.rows = [candidates[at] for at in wanted]
        self._terms = TextLikeness([texts[at] for at in wanted])
        self._likeness: Likeness = self._terms if vectors is None else VectorLikeness(vectors[wanted])
        self._complexity, self._missing = complexity, missing

    def curve(self, *, budget: int, steps: Sequence[float] = STEPS, limit: float | None = None) -> list[Point]:
        """A choice of `budget` rows for each share of novelty in `steps`."""
        return [
            self.point(Weights.between(share, complexity=self._complexity), budget=budget, limit=limit)
            for share in steps
        ]

    def point(self, weights: Weights, *, budget: int, limit: float | None = None) -> Point:
        """One choice by any weights; its `share` is that of novelty among them."""
        picked = select(
            self.rows, likeness=self._likeness, budget=budget, weights=weights, limit=limit, missing=self._missing
        )
        at = {each.id: place for place, each in enumerate(self.rows)}
        places = [at[each] for each in picked.ids]
        qualities = [value for place in places if (value := self.rows[place].quality) is not None]
        complexities = [value for place in places if (value := self.rows[place].complexity) is not None]
        heaviest = max(weights.quality, weights.complexity) + weights.novelty
        return Point(
            weights.novelty / heaviest if heaviest else 0.0, len(places), _mean(qualities), _mean(complexities),
            spread(self._likeness, places), coverage(self._terms, places), picked.ids,
        )  # fmt: skip


def trade_off(
    candidates: Sequence[Candidate], *, texts: Sequence[str], budget: int, steps: Sequence[float] = STEPS,
    complexity: bool = True, limit: float | None = None, missing: Missing = "leave_out",
) -> list[Point]:  # fmt: skip
    """A choice of `budget` rows for each weight in `steps`, of the rows that have the scores, by their texts."""
    drawn = TradeOff(candidates, texts=texts, complexity=complexity, missing=missing)
    return drawn.curve(budget=budget, steps=steps, limit=limit)


def spread(likeness: Likeness, places: Sequence[int]) -> float:
    """The mean, over these rows, of 1 - the likeness to the nearest other of them; 1 for fewer than two."""
    import numpy as np

    if len(places) < 2:
        return 1.0
    among = likeness.between(places)
    np.fill_diagonal(among, 0.0)
    return round(float(1 - among.max(axis=1).mean()), 6)


def coverage(likeness: TextLikeness, places: Sequence[int]) -> float:
    """The share of the terms that two rows of the pool share at least which are found in these rows; 0 for none."""
    import numpy as np

    vectors = likeness.vectors
    shared = vectors.documents > 1
    found = np.zeros(len(shared), dtype=bool)
    for place in places:
        found[vectors.columns[vectors.starts[place] : vectors.starts[place + 1]]] = True
    return round(float((found & shared).sum() / shared.sum()), 6) if shared.any() else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 6) if values else None
