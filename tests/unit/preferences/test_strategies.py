"""Which answers form pairs: the table of strategies by its vectors and counts, ties and chance included."""

from __future__ import annotations

import random
from math import comb

import pytest

from generation.preferences.strategies import STRATEGIES, pick

VECTOR = (9.0, 7.0, 7.0, 3.0)


def values(pairs, of=VECTOR):
    return sorted((of[better], of[worse]) for better, worse in pairs)


def picked(strategy, of=VECTOR, *, seed=1, **more):
    return pick(strategy, of, rng=random.Random(seed), **more)


def test_002_05_the_vector_of_four_scores():
    assert values(picked("all_pairs").pairs) == [(7, 3), (7, 3), (9, 3), (9, 7), (9, 7)]
    assert picked("best_worst").pairs == ((0, 3),)
    assert values(picked("adjacent").pairs) == [(7, 3), (9, 7)], "and the tie is skipped"
    assert values(picked("best_vs_rest").pairs) == [(9, 3), (9, 7), (9, 7)]
    assert values(picked("threshold", least_margin=4.0).pairs) == [(7, 3), (7, 3), (9, 3)]


@pytest.mark.parametrize("k", range(2, 10))
def test_002_16_every_strategy_makes_as_many_pairs_as_it_promises(k):
    scores = [float(score) for score in random.Random(k).sample(range(100), k)]
    owed = {
        "all_pairs": comb(k, 2), "best_worst": 1, "best_random": 1, "adjacent": k - 1, "best_vs_rest": k - 1,
        "threshold": comb(k, 2),
    }  # fmt: skip
    assert set(owed) == set(STRATEGIES)
    for strategy, count in owed.items():
        found = picked(strategy, scores).pairs
        assert len(set(found)) == len(found) == count
        assert all(scores[better] > scores[worse] for better, worse in found)
    assert picked("high_low_model", scores).pairs == ((0, 1),)


@pytest.mark.parametrize("strategy", sorted(STRATEGIES))
def test_ties_never_form_a_pair(strategy):
    assert picked(strategy, (5.0, 5.0, 5.0)) == picked(strategy, (5.0, 5.0, 5.0), seed=9)
    assert picked(strategy, (5.0, 5.0, 5.0)).reason == "tie"
    for scores in ((1.0, 1.0, 2.0, 2.0), (3.0, 1.0, 1.0)):
        assert all(scores[better] > scores[worse] for better, worse in picked(strategy, scores).pairs)


def test_among_equals_chance_decides_by_its_seed_and_is_written_down():
    scores = (8.0, 2.0, 8.0, 2.0, 8.0)
    drawn = {picked("best_worst", scores, seed=seed) for seed in range(40)}
    assert {each.pairs[0] for each in drawn} == {(best, worst) for best in (0, 2, 4) for worst in (1, 3)}
    for each in drawn:
        assert [sorted(equals) for equals in each.drawn] == [[0, 2, 4], [1, 3]]
        assert (each.drawn[0][0], each.drawn[1][0]) == each.pairs[0]
    assert picked("best_worst", scores, seed=3) == picked("best_worst", scores, seed=3)
    assert picked("best_worst").drawn == ()


def test_best_random_takes_any_of_the_worse_ones():
    assert {picked("best_random", seed=seed).pairs for seed in range(40)} == {((0, 1),), ((0, 2),), ((0, 3),)}


def test_what_was_not_judged_is_in_no_pair():
    assert values(picked("all_pairs", (9.0, None, 3.0)).pairs, (9.0, 0.0, 3.0)) == [(9, 3)]
    assert picked("all_pairs", (9.0, None)).reason == "too_few"
    assert picked("threshold", (9.0, 8.8), least_margin=0.5).reason == "below_margin"


def test_good_and_bad_make_every_good_with_every_bad_up_to_a_cap():
    thumbs = (1.0, 0.0, 1.0, 0.0)
    assert len(picked("all_pairs", thumbs).pairs) == 4
    assert len(picked("all_pairs", thumbs, most=3).pairs) == 3
