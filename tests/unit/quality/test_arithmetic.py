"""Sums as people write them, worked out exactly and within bounds."""

from __future__ import annotations

from fractions import Fraction

import pytest

from generation.quality.arithmetic import NotASum, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", Fraction(14)),
        ("(2 + 3) × 4", Fraction(20)),
        ("（2 + 3）× 4", Fraction(20)),
        ("1,200 − 200", Fraction(1000)),
        ("10 ÷ 4", Fraction(5, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("2 ^ 3 ^ 2", Fraction(512)),
        ("-2 ^ 2", Fraction(-4)),
        ("2 * -3", Fraction(-6)),
        ("8 / 2 / 2", Fraction(2)),
        ("7", Fraction(7)),
    ],
)
def test_values_are_exact_with_the_usual_precedence(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2 +",
        "+ 2",
        "(2",
        "2)",
        "1 / 0",
        "2 ^ 99",
        "2 ^ 0.5",
        "x + 1",
        "1 2",
        "(" * 99 + "1",
        "-" * 99 + "1",
        "9" * 400,
    ],
)
def test_what_is_no_sum_or_too_large_is_refused(text):
    with pytest.raises(NotASum):
        value_of(text)
