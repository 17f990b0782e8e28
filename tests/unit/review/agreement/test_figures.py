"""Shares, the fair coin, bands and rankings."""

from __future__ import annotations

import pytest

from review.agreement.bands import krippendorff, landis_koch
from review.agreement.intervals import mean_of, share_of, sign_test, wilson
from review.agreement.ranks import concordance, ranks_of, said_of_pairs, tau


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(8, 10, 0.490162, 0.943318), (0, 10, 0.0, 0.277533), (10, 10, 0.722467, 1.0), (500, 1000, 0.469070, 0.530930)],
)
def test_wilson(successes: int, n: int, low: float, high: float) -> None:
    assert wilson(successes, n) == (pytest.approx(low, abs=1e-5), pytest.approx(high, abs=1e-5))
    assert share_of(successes, n).value == successes / n


@pytest.mark.parametrize(
    ("successes", "n", "p"),
    [(8, 10, 0.109375), (2, 10, 0.109375), (5, 10, 1.0), (60, 100, 0.0568879), (0, 1, 1.0), (51_000, 100_000, 2.6e-10)],
)
def test_a_fair_coin(successes: int, n: int, p: float) -> None:
    assert sign_test(successes, n) == pytest.approx(p, rel=0.02)


def test_nothing_follows_from_nothing() -> None:
    assert (wilson(0, 0), sign_test(0, 0), share_of(0, 0).value, mean_of(0, 0, 0).value) == (None, None, None, None)
    assert (landis_koch(None), krippendorff(None), tau([1, 1], [1, 2]), concordance([[1, 2]])) == (None,) * 4
    assert mean_of(0.5, 0.25, 1).low is None


@pytest.mark.parametrize(
    ("kappa", "band"),
    [(-0.01, "poor"), (0, "slight"), (0.2, "slight"), (0.21, "fair"), (0.4, "fair"), (0.41, "moderate"),
     (0.61, "substantial"), (0.8, "substantial"), (0.81, "almost_perfect"), (1.0, "almost_perfect")],
)  # fmt: skip
def test_bands_of_landis_and_koch(kappa: float, band: str) -> None:
    assert landis_koch(kappa) == band


@pytest.mark.parametrize(("alpha", "band"), [(0.8, "reliable"), (0.667, "tentative"), (0.66, "unreliable")])
def test_bands_of_krippendorff(alpha: float, band: str) -> None:
    assert krippendorff(alpha) == band


def test_tau_and_concordance() -> None:
    assert tau([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx(4 / 6)
    assert tau([1, 2, 3], [3, 2, 1]) == -1
    assert tau([1, 2.5, 2.5, 4], [1, 2, 3, 4]) == pytest.approx(5 / 30**0.5)
    assert concordance([[1, 2, 3, 4], [1, 2, 4, 3], [2, 1, 3, 4]]) == pytest.approx(444 / 540)
    assert concordance([[1, 2, 3], [3, 2, 1]]) == 0
    assert concordance([[1, 1, 1], [1, 1, 1]]) is None


def test_ranks_of_groups() -> None:
    ranks = ranks_of([[7], [3, 5], [2]])
    assert ranks == {7: 1, 3: 2.5, 5: 2.5, 2: 4}
    assert said_of_pairs([ranks[each] for each in (2, 3, 5)]) == [1, 1, 2]
