"""Bradley-Terry and Elo by vectors that were computed apart."""

from __future__ import annotations

import pytest

from generation.preferences.ratings import bradley_terry, elo, expected

WINS = [[0, 7, 9], [3, 0, 6], [1, 4, 0]]
RESULTS = [(one, other, 1.0) for one in range(3) for other in range(3) for _ in range(WINS[one][other])]


def test_bradley_terry_of_a_matrix_of_wins():
    found = bradley_terry(RESULTS, size=3)
    assert found.strengths == pytest.approx((2.569229, 0.852007, 0.456829), abs=5e-7)
    assert found.points == pytest.approx((1163.9211, 972.1772, 863.9016), abs=5e-5)
    assert not found.prior


def test_three_wins_to_one_are_190_points():
    better, worse = bradley_terry([(0, 1, 1.0)] * 3 + [(1, 0, 1.0)], size=2).points
    assert better - worse == pytest.approx(190.8485, abs=5e-5)


def test_a_tie_is_half_a_win_each_and_who_never_lost_needs_the_prior():
    assert bradley_terry([(0, 1, 0.5)] * 4, size=2).points == pytest.approx((1000.0, 1000.0))
    alone = bradley_terry([(0, 1, 1.0)], size=3)
    assert alone.prior
    assert alone.points[0] > alone.points[2] > alone.points[1]
    assert bradley_terry([], size=2).points == pytest.approx((1000.0, 1000.0))


def test_intervals_are_of_the_seed_and_hold_the_points():
    found = bradley_terry(RESULTS, size=3, resamples=300, random_seed=7)
    assert found == bradley_terry(RESULTS, size=3, resamples=300, random_seed=7)
    for low, point, high in zip(found.lower, found.points, found.upper, strict=True):
        assert low < point < high


def test_elo_of_two_wins_and_a_tie():
    assert elo([(0, 1, 1.0), (0, 1, 1.0), (0, 1, 0.5)], size=2) == pytest.approx((1003.931197, 996.068803), abs=5e-7)
    assert expected(1100, 1000) == pytest.approx(0.640065, abs=5e-7)
