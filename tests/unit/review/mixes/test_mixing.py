"""The arithmetic of mixes. Expected figures come from the papers' formulas, worked out by hand."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.mixes.mixing import Portion, balanced, draw, largest_remainder, rates, sizes
from review.mixes.pool import Pool


def pool(count, *, groups=("",), of="row"):
    made = Pool()
    for number in range(count):
        content = hashlib.sha256(f"{of} {number}".encode()).hexdigest()
        made.add(number + 1, revision=1, content_hash=content, group=groups[number % len(groups)])
    return made


def drawn(made, count, *, seed=42):
    order = np.argsort(made.keys(seed), kind="stable")
    return set(draw(order, count).tolist())


@pytest.mark.parametrize(
    ("temperature", "expected"), [(1.0, (0.461538, 0.461538, 0.076923)), (2.0, (0.415240, 0.415240, 0.169521))]
)
def test_004_18_rates_follow_the_capped_and_tempered_proportions_of_flan(temperature, expected):
    portions = [Portion(n, cap=3000) for n in (100_000, 5_000, 500)]
    found = rates(portions, temperature=temperature)
    assert [round(float(rate), 6) for rate in found] == list(expected)


def test_weights_multiply_rates_and_empty_sources_get_nothing():
    assert [float(rate) for rate in rates([Portion(10, weight=3), Portion(10), Portion(0)])] == [0.75, 0.25, 0.0]
    assert rates([Portion(0), Portion(0)]) == [0, 0]


def test_without_wishes_a_mix_is_every_row_of_every_source():
    assert sizes([Portion(700), Portion(41), Portion(3)]) == [700, 41, 3]
    assert sizes([Portion(700, cap=100), Portion(41)]) == [100, 41]


def test_a_tempered_mix_is_as_large_as_it_can_be_without_a_row_twice():
    assert sizes([Portion(900), Portion(100)], temperature=2.0) == [300, 100]


@pytest.mark.parametrize(
    ("ours", "others", "share", "expected"),
    [
        (800, 10_000, 0.2, [800, 200]),
        (4_000, 10_000, 0.2, [4000, 1000]),
        (1_000, 10_000, 0.1, [1000, 111]),
        (800, 50, 0.2, [201, 50]),
        (3, 10, 0.5, [3, 3]),
        (7, 10, 0.3, [7, 3]),
    ],
)
def test_001_15_the_general_share_of_a_mix_is_what_was_asked_for(ours, others, share, expected):
    found = sizes([Portion(ours), Portion(others, general=True)], general_share=share)
    assert found == expected
    if sum(found) >= 1000:
        assert abs(found[1] / sum(found) - share) <= 0.005


@given(
    ours=st.integers(1, 200_000), others=st.integers(1, 200_000), share=st.integers(1, 99), size=st.integers(1, 300_000)
)
def test_001_15_every_share_is_exact_by_largest_remainder_and_nothing_repeats(ours, others, share, size):
    portions = [Portion(ours), Portion(others, general=True)]
    for wished in (None, size):
        first, second = sizes(portions, general_share=share / 100, size=wished)
        total = first + second
        assert first <= ours
        assert second <= others
        assert wished is None or total <= wished
        assert abs(second - total * share / 100) <= 1


def test_a_stated_size_is_kept_by_giving_the_rest_to_those_who_have_rows():
    assert sizes([Portion(10), Portion(1000)], size=500, temperature=4.0) == [10, 490]
    assert sizes([Portion(10), Portion(20)], size=500) == [10, 20]


def test_with_repeats_small_sources_come_several_times():
    assert sizes([Portion(100), Portion(100, general=True)], general_share=0.75, repeat=True) == [100, 300]
    assert sizes([Portion(10), Portion(10)], size=50, repeat=True) == [25, 25]
    copies = draw(np.arange(10), 25)
    assert sorted(np.bincount(copies).tolist()) == [2] * 5 + [3] * 5


def test_001_17_recipes_with_other_shares_hold_the_same_rows_as_far_as_their_sizes_allow():
    general = pool(5_000, of="general")
    samples = []
    for share, count in ((0.1, 100), (0.3, 386), (0.5, 900)):
        assert sizes([Portion(900), Portion(5_000, general=True)], general_share=share)[1] == count
        samples.append(drawn(general, count))
    assert samples[0] < samples[1] < samples[2]
    assert drawn(general, 900, seed=43) != samples[2]


def test_a_drawing_depends_on_content_and_seed_and_not_on_ids():
    plain, shifted = pool(50), pool(50)
    for at in range(50):
        shifted.ids[at] += 1000
    assert (plain.keys(7) == shifted.keys(7)).all()
    assert (plain.keys(7) != plain.keys(8)).any()


def test_the_keys_of_a_drawing_are_the_same_for_all_time():
    assert pool(2).keys(42).tolist() == [15920101551214595893, 8653028394942423026]


def test_balance_cuts_groups_down_to_the_smallest_and_every_first_part_is_balanced():
    rows = pool(100, groups=("en", "en", "en", "zh"))
    keys = rows.keys(42)
    order = balanced(rows, keys=keys, among=np.arange(100))
    names = [rows.names[rows.group[at]] for at in order.tolist()]
    assert (names.count("en"), names.count("zh")) == (25, 25)
    assert abs(names[:20].count("en") - 10) <= 0
    wider = balanced(rows, keys=keys, among=np.arange(100), ratio=2.0)
    assert len(wider) == 75


@pytest.mark.parametrize(
    ("total", "shares", "expected"),
    [(10, (1, 1, 1), [4, 3, 3]), (0, (1, 1), [0, 0]), (7, (0, 1), [0, 7]), (3, (0, 0), [0, 0])],
)
def test_largest_remainder_gives_ties_to_the_larger_share_and_then_to_the_first(total, shares, expected):
    assert largest_remainder(total, shares) == expected


@given(total=st.integers(0, 10_000), shares=st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_parts_add_up_and_stay_within_one_of_their_share(total, shares):
    parts = largest_remainder(total, shares)
    assert sum(parts) == (total if sum(shares) else 0)
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - (total * share / sum(shares) if sum(shares) else 0)) < 1
