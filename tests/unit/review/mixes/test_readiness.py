"""Readiness: the size guide at its bounds, the balance of labels, the bias of lengths."""

from __future__ import annotations

import pytest

from generation.formats import FORMATS
from review.mixes.readiness import balance_remark, lambdas, length_remark, ratio_remark, readiness, size_remark
from review.mixes.uses import USES, use_named


def level(use, rows):
    return size_remark(rows, use_named(use).guide).level


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(99, "error"), (100, "warning"), (999, "warning"), (1000, "ok"), (10_000, "ok"), (10_001, "info")],
)
def test_003_11_basic_sft_wants_100_rows_and_advises_1000_to_10000(rows, expected):
    assert level("sft", rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(499, "error"), (500, "warning"), (4_999, "warning"), (5_000, "ok"), (50_000, "ok"), (50_001, "info")],
)
def test_003_12_domain_sft_wants_500_rows_and_advises_5000_to_50000(rows, expected):
    assert level("domain_sft", rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(499, "error"), (500, "warning"), (4_999, "warning"), (5_000, "ok"), (20_000, "ok"), (20_001, "info")],
)
def test_003_13_preference_tuning_wants_500_pairs_and_advises_5000_to_20000(rows, expected):
    assert level("preference", rows) == expected


@pytest.mark.parametrize(
    ("rows", "expected"), [(999, "error"), (1000, "warning"), (9_999, "warning"), (10_000, "ok"), (10**7, "ok")]
)
def test_003_14_kto_wants_1000_rows_and_advises_10000_or_more(rows, expected):
    assert level("kto", rows) == expected


@pytest.mark.parametrize(
    ("good", "bad", "which", "low", "high", "grade"),
    [
        (50, 50, "undesirable", 0.75, 1.0, "ok"),
        (90, 10, "undesirable", 6.75, 9.0, "warning"),
        (750, 250, "undesirable", 2.25, 3.0, "warning"),
        (100, 900, "desirable", 9.0, 12.0, "warning"),
    ],
)
def test_the_weights_of_labels_follow_the_window_of_the_kto_paper(good, bad, which, low, high, grade):
    found = lambdas(good, bad)
    assert (found.which, found.low, found.high) == (which, pytest.approx(low), pytest.approx(high))
    assert balance_remark(good, bad).level == grade


def test_one_label_alone_is_an_error():
    assert balance_remark(10, 0).code == "one_label"
    assert balance_remark(0, 10).level == "error"


@pytest.mark.parametrize(
    ("longer", "shorter", "expected"), [(60, 40, "ok"), (61, 39, "warning"), (40, 60, "ok"), (39, 61, "warning")]
)
def test_003_20_the_longer_answer_may_be_chosen_in_40_to_60_of_100_pairs(longer, shorter, expected):
    assert length_remark(longer, shorter).level == expected


@pytest.mark.parametrize(
    ("longer", "shorter", "expected"), [(19, 11, "warning"), (19, 10, "info"), (18, 12, "ok"), (11, 19, "warning")]
)
def test_003_20_under_thirty_pairs_may_be_chance(longer, shorter, expected):
    assert length_remark(longer, shorter).level == expected


@pytest.mark.parametrize(("ratio", "expected"), [(1.5, "ok"), (1.51, "warning"), (0.66, "warning"), (0.67, "ok")])
def test_003_20_answers_half_as_long_again_are_a_warning(ratio, expected):
    assert ratio_remark(ratio).level == expected


def test_remarks_stand_worst_first_and_only_about_what_was_counted():
    figures = {"good": 9, "bad": 1, "languages": {"en": 10}, "repeats": 0, "warnings": ["empty_test"]}
    found = readiness(use_named("kto"), rows=10, figures=figures)
    assert [(remark.code, remark.level) for remark in found] == [
        ("size_too_small", "error"), ("labels", "warning"), ("empty_test", "warning"), ("languages", "info"),
        ("duplicates", "ok"),
    ]  # fmt: skip
    assert readiness(None, rows=10, figures={}) == []


def test_003_01_each_use_names_formats_that_can_hold_its_rows():
    expected = {"sft": "alpaca", "multi_turn": "sharegpt", "preference": "preference", "kto": "kto"}
    assert {use.name: use.format for use in USES if use.name in expected} == expected
    kinds = {each.name: each.kind for each in FORMATS if each.layouts}
    for use in USES:
        for name in (use.format, *use.also):
            assert kinds.get(name) == use.kind, (use.name, name)


@pytest.mark.parametrize(
    ("longer", "shorter", "expected"), [(30, 0, "longer"), (0, 3, "shorter"), (29, 1, None), (0, 0, None)]
)
def test_pairs_that_all_lean_one_way_are_named_since_nothing_can_balance_them(longer, shorter, expected):
    assert length_remark(longer, shorter).values.get("one_sided") == expected
