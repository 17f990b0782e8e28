"""What quality costs in diversity: the same pool chosen from with the weight moved from scores to novelty.

A few rows of less quality that differ may serve a model better than good ones that repeat each other (004-25); where
the curve bends is for a person to see, not for a formula. At its far end novelty alone takes what is like nothing else:
outliers too, which is why coverage falls again there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generation.quality.selection.candidates import Candidate, Missing, Weights
from generation.quality.selection.choosing import select
from generation.quality.selection.likeness import TextLikeness

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


def trade_off(
    candidates: Sequence[Candidate],
    *,
    texts: Sequence[str],
    budget: int,
    steps: Sequence[float] = STEPS,
    complexity: bool = True,
    limit: float | None = None,
    missing: Missing = "leave_out",
) -> list[Point]:
    """A choice of `budget` rows for each weight in `steps`, of the rows that have the scores.

    Rows without a score are in none, also not where scores weigh nothing: all points choose from the same pool.
    """
    wanted = [
        at for at, each in enumerate(candidates)
        if missing == "three" or (each.quality is not None and (not complexity or each.complexity is not None))
    ]  # fmt: skip
    pool = [candidates[at] for at in wanted]
    likeness = TextLikeness([texts[at] for at in wanted])
    return [
        _point(pool, likeness, Weights.between(share, complexity=complexity), budget, limit, missing)
        for share in steps
    ]  # fmt: skip


def _point(
    pool: Sequence[Candidate], likeness: TextLikeness, weights: Weights, budget: int, limit: float | None,
    missing: Missing,
) -> Point:  # fmt: skip
    picked = select(pool, likeness=likeness, budget=budget, weights=weights, limit=limit, missing=missing)
    at = {each.id: place for place, each in enumerate(pool)}
    places = [at[each] for each in picked.ids]
    qualities = [value for place in places if (value := pool[place].quality) is not None]
    complexities = [value for place in places if (value := pool[place].complexity) is not None]
    return Point(
        weights.novelty, len(places), _mean(qualities), _mean(complexities), spread(likeness, places),
        coverage(likeness, places), picked.ids,
    )  # fmt: skip


def spread(likeness: TextLikeness, places: Sequence[int]) -> float:
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
