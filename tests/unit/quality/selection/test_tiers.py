"""Tiers, epochs and difficulty from losses, against figures worked out by hand."""

from __future__ import annotations

import pytest

from generation.quality.selection import (
    Losses,
    Tier,
    TierEpochs,
    UnusableShare,
    advise,
    chosen_by_ifd,
    epochs,
    ifd,
    samples_of,
    tiers,
)


@pytest.mark.parametrize(("rows", "sizes"), [(1000, [100, 300, 1000]), (7, [1, 3, 7]), (1, [1, 1, 1]), (0, [0, 0, 0])])
def test_tiers_are_the_first_rows_rounded_up(rows, sizes):
    assert tiers(rows) == [Tier(share, size) for share, size in zip((10, 30, 100), sizes, strict=True)]


def test_tiers_of_ones_own_stand_in_order_once():
    assert tiers(200, shares=(50, 0.5, 50)) == [Tier(0.5, 1), Tier(50, 100)]
    for share in (0, 101, -1):
        with pytest.raises(UnusableShare):
            tiers(10, shares=(share,))


def test_004_29_a_budget_of_100k_samples_repeats_10k_rows_ten_times_and_warns():
    assert epochs(budget=100_000, rows=10_000) == 10
    told = advise([(100, 10_000)], budget=100_000)
    assert (told.code, told.lacking) == ("too_few", 15_000)
    assert told.tiers == (TierEpochs(100, 10_000, 10.0, "warn", advised=True),)


def test_004_29_the_strictest_tier_that_lasts_is_advised():
    pool = [(10, 10_000), (30, 30_000), (100, 100_000)]
    small, middle, large = (advise(pool, budget=budget) for budget in (40_000, 100_000, 400_000))
    assert [next(t.share for t in told.tiers if t.advised) for told in (small, middle, large)] == [10, 30, 100]
    assert [told.code for told in (small, middle, large)] == ["strictest", "wider", "wider"]
    assert [each.level for each in large.tiers] == ["warn", "warn", "ok"]
    assert [each.epochs for each in middle.tiers] == [10, pytest.approx(10 / 3), 1]


def test_without_rows_or_budget_there_is_no_advice():
    assert advise([(10, 0), (100, 0)], budget=5).code == "none"
    assert advise([(100, 10)], budget=0).code == "none"
    assert epochs(budget=5, rows=0) is None
    assert samples_of(tokens=1_000_000, tokens_a_row=250) == 4000


def test_difficulty_is_the_loss_with_the_question_over_the_loss_without():
    assert ifd(Losses(1, 1.5, 2.0)) == 0.75
    assert ifd(Losses(1, 1.5, 2.0), variant="perplexity_ratio") == pytest.approx(0.606531, abs=1e-6)
    for odd in (Losses(1, 1.0, 0.0), Losses(1, -1.0, 1.0), Losses(1, float("nan"), 1.0), Losses(1, float("inf"), 1.0)):
        assert ifd(odd) is None


def test_over_one_is_dropped_and_the_highest_tenth_is_kept():
    rows = [Losses(number, number / 10, 1.0) for number in range(1, 21)] + [Losses(21, 1.0, 0.0)]
    told = chosen_by_ifd(rows)
    assert [each.id for each in told.misaligned] == [20, 19, 18, 17, 16, 15, 14, 13, 12, 11]
    assert [each.id for each in told.kept] == [10, 9]
    assert [each.id for each in told.rest] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert (told.unusable, told.variant) == ((21,), "loss_ratio")
