"""Coefficients against published tables, and what they say where they are not defined."""

from __future__ import annotations

import time
from itertools import product

import pytest

from review.agreement.coefficients import alpha, cohen, cohen_of, fleiss, pairable, percent
from review.agreement.counted import Cell, Counted, Pattern, pattern_of, patterns_of

FLEISS = [
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
TURNED = (1, 0, 2)


@pytest.mark.parametrize(
    ("table", "weights", "kappa"),
    [
        ([[20, 5], [10, 15]], "none", 0.4),
        ([[45, 15], [25, 15]], "none", 0.130435),
        ([[11, 3, 1], [1, 8, 2], [0, 2, 12]], "none", 0.662605),
        ([[11, 3, 1], [1, 8, 2], [0, 2, 12]], "linear", 0.726027),
        ([[11, 3, 1], [1, 8, 2], [0, 2, 12]], "quadratic", 0.786287),
    ],
)
def test_cohen_of_known_tables(table: list[list[int]], weights: str, kappa: float) -> None:
    found = cohen_of(table, weights=weights)  # type: ignore[arg-type]
    assert found.value == pytest.approx(kappa, abs=5e-7)
    assert found.n == sum(map(sum, table))
    assert found.low is not None
    assert found.high is not None
    assert found.low < kappa < found.high


def test_the_interval_of_cohen_is_near_the_one_of_theory() -> None:
    found = cohen_of([[20, 5], [10, 15]])  # standard error 0.1265 by Fleiss, Cohen and Everitt (1969)
    assert found.low == pytest.approx(0.4 - 1.96 * 0.1265, abs=0.04)
    assert found.high == pytest.approx(0.4 + 1.96 * 0.1265, abs=0.04)
    assert cohen_of([[20, 5], [10, 15]]) == found  # the same draws each time


def test_fleiss_of_the_classic_table() -> None:
    units = Counted[Pattern](FLEISS)
    assert percent(units).value == pytest.approx(0.378022, abs=5e-7)
    assert fleiss(units).value == pytest.approx(0.209931, abs=5e-7)


@pytest.mark.parametrize(
    ("level", "value"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107), ("ratio", 0.797403)]
)
def test_krippendorff_of_the_canonical_data(level: str, value: float) -> None:
    units = patterns_of(KRIPPENDORFF, categories=[1, 2, 3, 4, 5])
    found = alpha(units, level=level, values=[1, 2, 3, 4, 5])  # type: ignore[arg-type]
    assert found.value == pytest.approx(value, abs=5e-7)
    assert (pairable(units), found.n) == (40, 11)
    assert found.low is not None
    assert found.high is not None
    assert found.low < value < found.high <= 1


@pytest.mark.parametrize("said", [[(3, 0, 0)] * 5, [(0, 0, 2)], [], [(1, 0, 0), (0, 1, 0)]])
def test_where_nothing_can_be_expected_nothing_is_claimed(said: list[Pattern]) -> None:
    for found in (fleiss(Counted(said)), alpha(Counted(said))):
        assert (found.value, found.low, found.high) == (None, None, None)
    assert cohen_of([[9, 0], [0, 0]]).value is None
    assert cohen_of([[0, 0], [0, 0]]).value is None


def test_agreement_without_exception_is_one_but_not_for_certain() -> None:
    few, many = (alpha(Counted[Pattern]([(2, 0), (0, 2)] * half)) for half in (3, 300))
    assert (few.value, few.high, many.value) == (1.0, 1.0, 1.0)
    assert few.low is not None
    assert many.low is not None
    assert few.low < 0.6
    assert many.low > 0.98


def test_units_with_one_vote_are_left_out_and_fleiss_takes_the_usual_number() -> None:
    units = Counted[Pattern]([(1, 0), (2, 1), (1, 2), (3, 0), (1, 1)])
    assert (percent(units).n, alpha(units).n, fleiss(units).n) == (4, 4, 3)
    # 1/3, 1/3, 1 and 0 of the pairs of people agree
    assert percent(units).value == pytest.approx(5 / 12)


def test_names_of_answers_mean_nothing() -> None:
    """Nine in ten answers stand first in the rows: chance must not be counted from that."""
    agreed, apart = (2, 0, 0), (1, 1, 0)
    stored = Counted[Pattern]([agreed] * 8 + [apart] * 2)
    shuffled = Counted[Pattern]([agreed, (0, 2, 0)] * 4 + [apart] * 2)
    assert alpha(stored).value == pytest.approx(-0.0556, abs=1e-3)
    assert alpha(stored, mirror=TURNED).value == pytest.approx(alpha(shuffled).value)
    assert fleiss(stored, mirror=TURNED).value == pytest.approx(0.6)
    cells = Counted[Cell]([(0, 0)] * 8 + [(0, 1), (1, 0)])
    assert cohen(cells, categories=3, mirror=TURNED).value == pytest.approx(0.6)


def test_votes_of_one_ranking_stay_together_when_it_is_resampled() -> None:
    alike: Counted[Pattern] = Counted()
    for index in range(30):
        alike.add(*([(2, 0) if index % 3 else (1, 1)] * 6))
    alone = Counted[Pattern]([(2, 0) if index % 3 else (1, 1) for index in range(30) for _ in range(6)])
    together, apart = alpha(alike, mirror=(1, 0)), alpha(alone, mirror=(1, 0))
    assert together.value == pytest.approx(apart.value)
    assert (together.n, apart.n) == (30, 180)
    assert together.low is not None
    assert apart.low is not None
    assert together.low < apart.low - 0.1


def test_a_hundred_thousand_comparisons_of_three_votes_take_less_than_two_seconds() -> None:
    votes = [(n % 3, n * 7 % 4, n * 13 % 4) for n in range(100_000)]
    began = time.perf_counter()
    units: Counted[Pattern] = Counted()
    for said in votes:
        units.add(pattern_of(said, categories=4))
    figures = [percent(units), fleiss(units), alpha(units, mirror=(1, 0, 2, 3))]
    assert time.perf_counter() - began < 2
    assert [found.n for found in figures] == [100_000] * 3


def test_alpha_of_every_small_table_stays_in_its_bounds() -> None:
    for said in product([(2, 0), (1, 1), (0, 2), (3, 1)], repeat=3):
        found = alpha(Counted(said))
        assert found.value is None or -1 <= found.value <= 1
