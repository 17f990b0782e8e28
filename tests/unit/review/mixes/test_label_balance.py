"""The balance of KTO labels: the share, the weights of the paper's window, and cutting down by a seed."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from review.labels import good_from, is_good
from review.mixes.mixing import balanced
from review.mixes.pool import Pool
from review.mixes.readiness import balance_remark
from review.templatetags.dataset_words import remark_figure, remark_sentence


def pool(good: int, bad: int) -> Pool:
    made = Pool()
    for number in range(good + bad):
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        made.add(number, revision=1, content_hash=digest, group=str(number < good))
    return made


@pytest.mark.parametrize(
    ("good", "bad", "level", "figure", "advice"),
    [
        (50, 50, "ok", "50 %", ""),
        (40, 60, "ok", "40 %", ""),
        (39, 61, "warning", "39 %", "lambda_D between 1.564 and 2.085"),
        (61, 39, "warning", "61 %", "lambda_U between 1.173 and 1.564"),
        (90, 10, "warning", "90 %", "lambda_U between 6.75 and 9"),
        (750, 250, "warning", "75 %", "lambda_U between 2.25 and 3"),
        (100, 900, "warning", "10 %", "lambda_D between 9 and 12"),
    ],
)
def test_003_22_the_share_of_labels_is_shown_with_the_weights_to_train_with(
    good: int, bad: int, level: str, figure: str, advice: str
) -> None:
    remark = balance_remark(good, bad)
    assert (remark.level, remark_figure(remark)) == (level, figure)
    assert advice in remark_sentence(remark)
    assert ("lambda" in remark_sentence(remark)) == bool(advice)


def test_003_22_at_half_and_half_both_ends_of_the_window_are_told() -> None:
    weights = balance_remark(50, 50).values["weights"]
    assert (weights.which, weights.low, weights.high) == ("undesirable", 0.75, 1.0)


@pytest.mark.parametrize(("ratio", "kept"), [(1.0, (250, 250)), (1.5, (375, 250)), (4.0, (750, 250))])
def test_003_22_labels_are_balanced_by_a_seed_to_any_ratio(ratio: float, kept: tuple[int, int]) -> None:
    rows = pool(750, 250)
    every = np.arange(1000)
    first, again, other = (
        balanced(rows, keys=rows.keys(seed), among=every, ratio=ratio) for seed in (42, 42, 7)
    )  # fmt: skip
    assert (int((first < 750).sum()), int((first >= 750).sum())) == kept
    assert (first == again).all()
    assert ratio == 4.0 or set(first) != set(other)


def test_an_answer_is_good_from_the_same_place_of_any_scale() -> None:
    assert (good_from(1, 5), good_from(0, 10), good_from(0, 4)) == (3.5, 6.25, 2.5)
    assert is_good({"value": 3.5, "low": 1, "high": 5}) is True
    assert is_good({"value": 6.2, "low": 0, "high": 10}) is False
    assert [
        is_good({"value": 9.0, "low": None, "high": None}),
        is_good({}),
        is_good({"value": 1, "low": 3, "high": 3}),
    ] == ([None] * 3)
