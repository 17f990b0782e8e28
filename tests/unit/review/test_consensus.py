"""What votes come to together, counted by hand."""

from __future__ import annotations

import pytest

from review.actions.consensus import Ranking, Result, Vote, better_worse, result_of
from review.actions.verdicts import shown_to

A, B, C = 1, 2, 3
LEFT, RIGHT, EVEN = ((A,), (B,)), ((B,), (A,)), ((A, B),)


def votes(*said: Ranking | str, strong: int = 0) -> list[Vote]:
    return [
        Vote(verdict=word) if isinstance(word, str) else Vote(word, strong=at < strong) for at, word in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "wanted", "ranking"),
    [
        ([LEFT], 1, LEFT),
        ([LEFT, LEFT], 2, LEFT),
        ([LEFT, RIGHT], 2, None),
        ([LEFT, EVEN], 2, None),
        ([EVEN, EVEN], 2, EVEN),
        ([LEFT, LEFT, RIGHT], 3, LEFT),
        ([LEFT, EVEN, RIGHT], 3, None),
        ([LEFT, LEFT, RIGHT, RIGHT], 4, None),
        ([LEFT, LEFT, LEFT, "both_bad"], 4, LEFT),
        ([LEFT, "both_bad", "both_bad"], 3, ()),
        ([((A,), (B,), (C,)), ((A,), (C,), (B,)), ((A,), (B,), (C,))], 3, ((A,), (B,), (C,))),
        ([((A,), (B,), (C,)), ((B,), (C,), (A,)), ((C,), (A,), (B,))], 3, None),  # a circle
        ([((A,), (B, C)), ((A,), (C, B))], 2, ((A,), (B, C))),
        ([((A,), (B, C)), ((A,), (B,), (C,))], 2, None),
    ],
)  # fmt: skip
def test_a_strict_majority_of_those_wanted_decides(said: list, wanted: int, ranking: Ranking | None) -> None:
    result = result_of(votes(*said), wanted=wanted)
    assert (result and result.ranking) == ranking


def test_the_strength_is_the_share_of_those_who_agree() -> None:
    assert result_of(votes(LEFT, LEFT, RIGHT, strong=1), wanted=3) == Result("ranked", LEFT, 0.5)
    assert result_of(votes("good", "good", "bad"), wanted=3) == Result("good")
    assert result_of(votes("good", "bad"), wanted=2) is None


def test_a_ranking_of_four_with_one_tie_makes_five_pairs() -> None:
    assert better_worse(((1,), (2, 3), (4,))) == [(1, 2), (1, 3), (1, 4), (2, 4), (3, 4)]


def test_sides_of_a_thousand_comparisons_are_even_and_the_same_every_time() -> None:
    orders = [shown_to(7, comparison=pk, answers=[10, 20], seed=42) for pk in range(1000)]
    assert orders == [shown_to(7, comparison=pk, answers=[20, 10], seed=42) for pk in range(1000)]
    assert 450 <= sum(order[0] == 10 for order in orders) <= 550
    by_people = [shown_to(person, comparison=1, answers=[10, 20], seed=42) for person in range(1000)]
    assert 450 <= sum(order[0] == 10 for order in by_people) <= 550
    first_of_four = [shown_to(1, comparison=pk, answers=[1, 2, 3, 4], seed=42)[0] for pk in range(1000)]
    assert all(200 <= first_of_four.count(answer) <= 300 for answer in (1, 2, 3, 4))
