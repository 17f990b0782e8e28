"""Sides of a split: counts, and what never stands on two of them."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.mixes.splitting import DEFAULT, MEGATRON, joined, near, split, wanted


def keys(texts):
    return np.array([int(hashlib.sha256(text.encode()).hexdigest()[:16], 16) for text in texts], dtype=np.uint64)


def singles(count):
    return keys(f"prompt {number}" for number in range(count))


@pytest.mark.parametrize(
    ("rows", "at_least_one", "expected"),
    [
        (1000, False, [969, 30, 1]),
        (1234, False, [1196, 37, 1]),
        (500, False, [485, 15, 0]),
        (500, True, [484, 15, 1]),
        (100, False, [97, 3, 0]),
    ],
)
def test_004_02_the_megatron_preset_is_split_by_largest_remainder(rows, at_least_one, expected):
    assert wanted(rows, ratios=MEGATRON, at_least_one=at_least_one) == expected
    sides = split(singles(rows), ratios=MEGATRON, seed=42, at_least_one=at_least_one)
    assert list(sides.counts.values()) == expected


def test_004_02_a_split_that_stays_empty_is_named():
    assert split(singles(100), ratios=MEGATRON, seed=42).empty == ("test",)
    assert split(singles(1000), ratios=MEGATRON, seed=42).empty == ()
    assert split(singles(10), ratios=(90, 10, 0), seed=42).empty == ()


def test_004_02_rows_of_one_prompt_stay_on_one_side():
    together = keys(f"prompt {number // 3}" for number in range(900))
    sides = split(together, ratios=DEFAULT, seed=42)
    assert sides.counts == {"train": 720, "validation": 90, "test": 90}
    for key in np.unique(together):
        assert len(set(sides.side[together == key].tolist())) == 1


def test_one_large_group_does_not_fill_a_small_split():
    together = keys(["the same"] * 300 + [f"other {number}" for number in range(700)])
    sides = split(together, ratios=DEFAULT, seed=1)
    assert sides.counts == {"train": 800, "validation": 100, "test": 100}
    assert set(sides.side[:300].tolist()) == {0}


def test_most_rows_keep_their_side_when_others_are_added():
    few, many = singles(1000), singles(1100)
    before, after = split(few, ratios=DEFAULT, seed=42).side, split(many, ratios=DEFAULT, seed=42).side
    assert (before != after[:1000]).mean() < 0.05


def test_the_same_seed_splits_alike_and_another_does_not():
    one, same, other = (split(singles(500), ratios=DEFAULT, seed=seed).side for seed in (42, 42, 43))
    assert (one == same).all()
    assert (one != other).any()


@given(st.lists(st.integers(0, 30), min_size=1, max_size=200), st.sampled_from([DEFAULT, MEGATRON, (90, 10, 0)]))
def test_no_group_is_ever_parted_and_every_row_has_a_side(groups, ratios):
    together = np.array(groups, dtype=np.uint64)
    sides = split(together, ratios=ratios, seed=3)
    assert sum(sides.counts.values()) == len(groups)
    for key in set(groups):
        assert len(set(sides.side[together == key].tolist())) == 1


def test_families_join_prompts_through_any_number_of_links():
    prompts = keys(["a", "b", "c", "d", "a"])
    found = joined(prompts, families=np.array([7, 7, 0, 9, 9]))
    assert len({found[0], found[1], found[3], found[4]}) == 1
    assert found[2] not in (found[0],)


def test_prompts_much_alike_are_joined_in_chinese_too():
    texts = ["请解释什么是机器学习", "请解释什么是深度学习", "写一首关于大海的诗", "write a poem", "write a poem"]
    found = near(keys(texts), texts=texts)
    assert found[0] == found[1]
    assert found[2] != found[0]
    assert found[3] == found[4]
