"""Figures of reports are rounded, not cut off."""

from __future__ import annotations

import pytest

from generation.templatetags.figures import money
from review.templatetags.bias_words import percent_of_one
from review.templatetags.quality_words import in_difference, in_unit


@pytest.mark.parametrize(
    ("value", "unit", "read"),
    [(0.09674, "share", "9.7 %"), (0.039922, "share", "4 %"), (0.996, "share", "100 %"), (0.0004, "share", "< 0.1 %"),
     (0.239, "number", "0.24"), (28.67, "number", "28.7"), (0.0419, "number", "0.042"), (2.0, "number", "2")],
)  # fmt: skip
def test_a_figure_is_read_as_the_nearest_one(value: float, unit: str, read: str) -> None:
    assert in_unit(value, unit) == read


def test_a_difference_is_read_as_the_nearest_one() -> None:
    assert in_difference(-0.00057, "share") == "−0.1 pt"
    assert in_difference(0.0519, "share") == "+5.2 pt"
    assert percent_of_one(0.666) == "67 %"


def test_money_is_read_as_the_nearest_amount() -> None:
    assert (money(1_989_999), money(12_356), money(1_980_000)) == ("$1.99", "$0.0124", "$1.98")
