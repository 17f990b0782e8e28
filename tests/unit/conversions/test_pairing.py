"""Pairs of ranked lists, by counts and margins worked out by hand."""

from __future__ import annotations

import random

import pytest

from generation.conversions.pairing import STRATEGIES, pairs_of
from generation.files.strict_json import Fault
from generation.types import Candidate


def scored(*scores: float) -> list[Candidate]:
    return [Candidate(f"{at}: {score}", score=score) for at, score in enumerate(scores)]


def scores_of(answers, **settings):
    return [(better.score, worse.score) for better, worse in pairs_of(answers, rng=random.Random(1), **settings)]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("all_pairs", [(9, 7), (9, 7), (9, 3), (7, 3), (7, 3)]),
        ("best_worst", [(9, 3)]),
        ("adjacent", [(9, 7), (7, 3)]),
        ("best_vs_rest", [(9, 7), (9, 7), (9, 3)]),
    ],
)
def test_four_answers_with_a_tie_give_the_pairs_of_each_strategy(strategy, expected):
    assert scores_of(scored(7, 9, 3, 7), strategy=strategy) == expected


@pytest.mark.parametrize(("size", "pairs"), [(2, 1), (3, 3), (4, 6), (9, 36)])
def test_all_pairs_without_ties_are_as_many_as_the_binomial_says(size, pairs):
    assert len(scores_of(scored(*range(size)))) == pairs


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_ties_give_no_pair(strategy):
    assert scores_of(scored(5, 5, 5), strategy=strategy) == []


@pytest.mark.parametrize(("scores", "margin", "kept"), [((5, 4.5), 0.5, 1), ((5, 4.6), 0.5, 0), ((4.1, 3.6), 0.5, 1)])
def test_the_margin_is_inclusive_and_reads_numbers_as_they_are_written(scores, margin, kept):
    assert len(scores_of(scored(*scores), min_margin=margin)) == kept


def test_ranks_come_before_scores_and_the_smallest_is_the_best():
    answers = [Candidate("second", rank=2, score=9), Candidate("first", rank=1, score=1)]
    [(better, worse)] = pairs_of(answers, rng=random.Random(1))
    assert (better.text, worse.text) == ("first", "second")


def test_an_answer_without_a_place_is_a_fault():
    with pytest.raises(Fault, match="no_order"):
        pairs_of([Candidate("a", rank=1), Candidate("b", score=3)], rng=random.Random(1))


def test_among_equally_good_answers_chance_decides_and_the_same_chance_decides_alike():
    answers = scored(9, 9, 9, 1)
    found = {pairs_of(answers, strategy="best_worst", rng=random.Random(seed))[0][0].text for seed in range(20)}
    assert found == {"0: 9", "1: 9", "2: 9"}
    once, again = (pairs_of(answers, strategy="best_random", rng=random.Random(7)) for _ in range(2))
    assert once == again


def test_more_answers_than_256_are_a_fault_because_their_pairs_grow_with_the_square():
    assert len(pairs_of(scored(*range(256)), rng=random.Random(1))) == 32_640
    with pytest.raises(Fault, match="too_many_answers"):
        pairs_of(scored(*range(257)), rng=random.Random(1))
