"""Which pairs a ranked list gives. Ties never form a pair, and a margin counts where both answers have a score.

Sources: InstructGPT (all pairs), Zephyr's UltraFeedback binarized (best against a random other).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Literal, get_args

from generation.files.strict_json import Fault
from generation.types import Candidate

Strategy = Literal["all_pairs", "best_worst", "adjacent", "best_vs_rest", "best_random"]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)

MOST_ANSWERS = 256
"""Answers of one prompt; all pairs of so many are 32,640."""

Two = tuple[Candidate, Candidate]
"""The better answer and the worse one."""


def pairs_of(
    answers: Sequence[Candidate], *, strategy: Strategy = "all_pairs", min_margin: float = 0, rng: random.Random
) -> list[Two]:
    """The pairs of one prompt's answers, better first; none where everything ties.

    `Fault` "no_order" when neither ranks nor scores order all answers, "too_many_answers" above 256.
    `min_margin` is in score units, inclusive;
    `rng` settles which of several equally good (or bad) answers stands for them.
    """
    if len(answers) > MOST_ANSWERS:
        raise Fault("too_many_answers", path="answers")
    ordered = _ordered(answers)
    return [two for two in _candidates(ordered, strategy, rng) if _wide(two, min_margin)]


def _candidates(ordered: list[tuple[Decimal, Candidate]], strategy: Strategy, rng: random.Random) -> list[Two]:
    better = [(one, other) for one, other in combinations(ordered, 2) if one[0] != other[0]]
    if not better:
        return []
    if strategy == "all_pairs":
        return [(one[1], other[1]) for one, other in better]
    if strategy == "adjacent":
        return [(one[1], other[1]) for one, other in pairwise(ordered) if one[0] != other[0]]
    best = rng.choice([answer for place, answer in ordered if place == ordered[0][0]])
    worse = [answer for place, answer in ordered if place != ordered[0][0]]
    if strategy == "best_vs_rest":
        return [(best, other) for other in worse]
    if strategy == "best_random":
        return [(best, rng.choice(worse))]
    return [(best, rng.choice([answer for place, answer in ordered if place == ordered[-1][0]]))]


def _ordered(answers: Sequence[Candidate]) -> list[tuple[Decimal, Candidate]]:
    """Each answer with its place, smaller is better, the best first; equal ones in the order of the file."""
    if all(answer.rank is not None for answer in answers):
        placed = [(Decimal(answer.rank or 0), answer) for answer in answers]
    elif all(answer.score is not None for answer in answers):
        placed = [(-_exact(answer.score), answer) for answer in answers]
    else:
        raise Fault("no_order", path="answers")
    return sorted(placed, key=lambda each: each[0])


def _wide(two: Two, min_margin: float) -> bool:
    better, worse = two
    if better.score is None or worse.score is None or min_margin <= 0:
        return True
    return _exact(better.score) - _exact(worse.score) >= _exact(min_margin)


def _exact(score: float | None) -> Decimal:
    """The number as it is written: 4.1 - 3.6 is 0.5, which binary fractions miss."""
    return Decimal(repr(score or 0))
