"""What the votes of several people come to together: one outcome, or a dispute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Ranking = tuple[tuple[int, ...], ...]
UNRANKED = ("both_bad", "good", "bad")
"""Verdicts that put no answer before another."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's word: groups of answer ids, the best first, or one of `UNRANKED`; `strong` for much better."""

    ranking: Ranking = ()
    verdict: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What came out. `verdict` is "ranked", "tie", "both_bad", "good" or "bad"; `strength` is the share of those who
    agree with it that said much better, 0 to 1."""

    verdict: str
    ranking: Ranking = ()
    strength: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """What `Comparison.outcome` keeps."""
        ranking = [list(group) for group in self.ranking]
        return {"verdict": self.verdict, "ranking": ranking, "strength": round(self.strength, 4)}


def result_of(votes: Sequence[Vote], *, wanted: int) -> Result | None:
    """What a strict majority of `wanted` votes says (of two: both), None for a dispute.

    Rankings are counted answer against answer: each of them must find its majority, and together they must make an
    order.
    """
    need = wanted // 2 + 1
    for verdict in UNRANKED:
        if sum(vote.verdict == verdict for vote in votes) >= need:
            return Result(verdict)
    ranked = [vote for vote in votes if vote.verdict not in UNRANKED]
    if len(ranked) < need:
        return None
    order = _majority(ranked, need=need)
    if order is None:
        return None
    with_it = [vote for vote in ranked if _normal(vote.ranking) == _normal(order)]
    strength = sum(vote.strong for vote in with_it) / len(with_it) if with_it else 0.0
    return Result("tie" if len(order) == 1 else "ranked", order, strength)


def better_worse(ranking: Ranking) -> list[tuple[int, int]]:
    """(preferred, less preferred) for every two answers of different groups."""
    return [
        (better, worse)
        for above, below in combinations(ranking, 2)
        for better in above
        for worse in below
    ]  # fmt: skip


def _majority(votes: Sequence[Vote], *, need: int) -> Ranking | None:
    answers = sorted(answer for group in votes[0].ranking for answer in group)
    places = [{answer: at for at, group in enumerate(vote.ranking) for answer in group} for vote in votes]
    wins = dict.fromkeys(answers, 0)
    for one, other in combinations(answers, 2):
        one_first = sum(place[one] < place[other] for place in places)
        other_first = sum(place[one] > place[other] for place in places)
        even = len(places) - one_first - other_first
        if max(one_first, other_first, even) < need:
            return None
        wins[one] += one_first >= need
        wins[other] += other_first >= need
    order = tuple(
        tuple(answer for answer in answers if wins[answer] == number)
        for number in sorted(set(wins.values()), reverse=True)
    )
    return order if _holds(order, places, need=need) else None


def _holds(order: Ranking, places: Sequence[dict[int, int]], *, need: int) -> bool:
    """Whether the order says of every two answers what their majority says; a majority can go in a circle."""
    at = {answer: number for number, group in enumerate(order) for answer in group}
    return all(
        sum(_sign(place[one] - place[other]) == _sign(at[one] - at[other]) for place in places) >= need
        for one, other in combinations(at, 2)
    )


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _normal(ranking: Ranking) -> list[list[int]]:
    return [sorted(group) for group in ranking]
