"""Basic statistics beside figures worked out by hand."""

from __future__ import annotations

from array import array

import pytest

from generation.alpaca.statistics import Spread, Statistics, spread

SIX = [
    {"instruction": "a" * 10, "input": "", "output": "b" * 4},
    {"instruction": "a" * 10, "input": "", "output": "b" * 4},
    {"instruction": "A" * 10, "input": "  ", "output": "b" * 4},
    {"instruction": "中" * 20, "input": "c" * 7, "output": "文" * 30},
    {"instruction": "a" * 40, "input": "c" * 9, "output": "b" * 100, "system": "s"},
    {"instruction": "a" * 100, "input": "", "output": "1234", "history": [["q", "a"]]},
]


def six() -> dict:
    statistics = Statistics()
    for record in SIX:
        statistics.add(record)
    return statistics.figures()


def test_000_18_counts_shares_and_duplicates_are_those_worked_out_by_hand():
    figures = six()
    told = {name: figures[name] for name in figures if name != "fields"}
    assert told == {
        "rows": 6,
        "with_system": 1,
        "with_history": 1,
        "duplicates_exact": 1,
        "duplicates_normalised": 2,
    }
    assert figures["fields"]["input"]["empty"] == 4
    assert figures["fields"]["input"]["empty_share"] == 0.666667


def test_000_18_lengths_in_characters_and_tokens_are_those_worked_out_by_hand():
    fields = six()["fields"]
    assert fields["instruction"]["characters"] == {"min": 10, "mean": 31.67, "median": 15.0, "p95": 100, "max": 100}
    assert fields["output"]["characters"] == {"min": 4, "mean": 24.33, "median": 4.0, "p95": 100, "max": 100}
    assert fields["input"]["characters"] == {"min": 0, "mean": 3.0, "median": 1.0, "p95": 9, "max": 9}
    # Four letters a token, three Chinese characters for two: 3, 3, 3, 14, 10, 25.
    assert fields["instruction"]["tokens_estimated"] == {"min": 3, "mean": 9.67, "median": 6.5, "p95": 25, "max": 25}
    assert fields["instruction"]["tokens_estimated_sum"] == 58


def test_000_18_languages_are_counted_for_each_field():
    fields = six()["fields"]
    assert fields["instruction"]["languages"] == {"en": 5, "zh": 1}
    assert fields["output"]["languages"] == {"en": 4, "other": 1, "zh": 1}
    assert fields["input"]["languages"] == {"en": 2}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (range(1, 101), Spread(1, 50.5, 50.5, 95, 100)),
        (range(1, 21), Spread(1, 10.5, 10.5, 19, 20)),
        ([5], Spread(5, 5.0, 5.0, 5, 5)),
        ([3, 1, 2], Spread(1, 2.0, 2.0, 3, 3)),
    ],
)
def test_the_95th_percentile_is_the_nearest_rank(values, expected):
    assert spread(array("I", values)) == expected


def test_no_rows_have_no_spread():
    assert Statistics().figures()["fields"]["output"]["characters"] is None
    assert Statistics().figures()["fields"]["output"]["empty_share"] == 0.0
