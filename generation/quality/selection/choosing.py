"""Choosing a few rows of many by quality, complexity and novelty, so that none repeats another.

Deita (arXiv 2312.15685): score = complexity x quality, from the best down, each taken whose highest likeness to those
taken is below 0.9, until the budget is reached. With a weight on novelty the choice is greedy instead: each time the
row with the highest quality^a x complexity^b x novelty^g, where novelty is 1 - its highest likeness to those taken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generation.quality.selection.candidates import Candidate, Missing, Ranked, Weights, ranked
from generation.quality.selection.likeness import Likeness

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIMIT = 0.9
TOO_LIKE = "too_similar"
NO_SCORE = "no_score"
OVER_BUDGET = "over_budget"
MISALIGNED = "misaligned"
REASONS = (TOO_LIKE, NO_SCORE, OVER_BUDGET, MISALIGNED)
"""Why a row was not chosen."""
_TOLD_EVERY, _TOLD_EVERY_PICK = 2000, 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chosen row: its score by the weights, and its novelty when it was taken (1 for the first; None where novelty
    carries no weight, for then it is not measured)."""

    id: int
    score: float
    novelty: float | None = None


@dataclass(frozen=True, slots=True)
class TooLike:
    """A row passed over for its likeness to a chosen one."""

    id: int
    score: float
    likeness: float
    like: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen, in order, and what became of the others.

    `too_like` were passed over while there was room, `over_budget` had not been reached when the budget was, `no_score`
    lacked a score that was weighed, `misaligned` had a quality over the ceiling. `missing` counts lacking scores by
    aspect, `stood_in` those given a stand-in.
    """

    chosen: tuple[Chosen, ...]
    too_like: tuple[TooLike, ...] = ()
    over_budget: tuple[int, ...] = ()
    no_score: tuple[int, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    stood_in: int = 0
    misaligned: tuple[int, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """The chosen rows in order."""
        return tuple(each.id for each in self.chosen)


def select(
    candidates: Sequence[Candidate],
    *,
    likeness: Likeness,
    budget: int,
    weights: Weights = Weights(),  # noqa: B008 - frozen
    limit: float | None = LIMIT,
    missing: Missing = "leave_out",
    ceiling: float | None = None,
    told: Callable[[int], None] = lambda taken: None,
) -> Selection:
    """Up to `budget` of the candidates; `likeness` has a row for each, in the same order. `limit` None: no row is
    passed over for its likeness. Rows whose quality is over `ceiling` are left out (an IFD over 1). `told` hears every
    so often how many were taken, and may raise to end it. The same arguments give the same selection."""
    order = ranked(candidates, weights=weights, missing=missing, ceiling=ceiling)
    budget = max(0, min(budget, len(order)))
    walk = _greedy if weights.novelty else _screened
    chosen, passed = walk(order, likeness, budget=budget, weights=weights, limit=limit, told=told)
    gone = {each.id for each in chosen} | {each.id for each in passed}
    return Selection(
        tuple(chosen), tuple(passed), tuple(each for each in order.ids.tolist() if each not in gone),
        order.left_out, order.missing, order.stood_in, order.over,
    )  # fmt: skip


def _screened(
    order: Ranked, likeness: Likeness, *, budget: int, weights: Weights, limit: float | None,
    told: Callable[[int], None],
) -> tuple[list[Chosen], list[TooLike]]:  # fmt: skip
    """From the best score down; novelty plays no part but for the limit."""
    chosen: list[Chosen] = []
    passed: list[TooLike] = []
    if limit is None:
        return [Chosen(*each) for each in zip(order.ids[:budget].tolist(), order.score.tolist(), strict=False)], passed
    places = order.place.tolist()
    at = {place: number for number, place in enumerate(places)}
    for row, like, other in likeness.screened(places, limit=limit, budget=budget):
        name, score = int(order.ids[at[row]]), float(order.score[at[row]])
        if other < 0:
            chosen.append(Chosen(name, score))
        else:
            passed.append(TooLike(name, score, like, int(order.ids[at[other]])))
        if (len(chosen) + len(passed)) % _TOLD_EVERY == 0:
            told(len(chosen))
    return chosen, passed


def _greedy(
    order: Ranked, likeness: Likeness, *, budget: int, weights: Weights, limit: float | None,
    told: Callable[[int], None],
) -> tuple[list[Chosen], list[TooLike]]:  # fmt: skip
    """The best gain each time, of equals the best score. What reaches the limit is out for good."""
    import numpy as np

    nearest, who = np.zeros(len(order)), np.full(len(order), -1)
    free = np.ones(len(order), dtype=bool)
    gain = order.score.astype(float).copy()
    chosen: list[Chosen] = []
    passed: list[TooLike] = []
    while len(chosen) < budget and free.any():
        at = int(np.argmax(np.where(free, gain, -1.0)))
        chosen.append(Chosen(int(order.ids[at]), float(order.score[at]), float(1 - nearest[at])))
        free[at] = False
        cosines = likeness.to(int(order.place[at]))[order.place]
        closer = np.flatnonzero(cosines > nearest)
        nearest[closer], who[closer] = cosines[closer], at
        gain[closer] = order.score[closer] * (1 - nearest[closer]) ** weights.novelty
        if limit is not None:
            out = closer[free[closer] & (nearest[closer] + 1e-9 >= limit)]
            free[out] = False
            passed += [_too_like(order, each, nearest, who) for each in out.tolist()]
        if len(chosen) % _TOLD_EVERY_PICK == 0:
            told(len(chosen))
    return chosen, passed


def _too_like(order: Ranked, at: int, nearest: NDArray[np.float64], who: NDArray[np.int64]) -> TooLike:
    return TooLike(int(order.ids[at]), float(order.score[at]), float(nearest[at]), int(order.ids[who[at]]))
