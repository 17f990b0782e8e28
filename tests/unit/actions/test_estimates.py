"""How a run that is played through on some of its rows is told for all of them."""

import pytest

from generation.actions.estimates import times_as_much
from generation.recipes import recipe
from generation.types import Stock

PAIRS = recipe("generate_pairs")
RANKS = recipe("rank_responses")


@pytest.mark.parametrize(
    ("made", "params", "whole", "part", "times"),
    [
        (PAIRS, {}, Stock(samples=1000), Stock(samples=500), 2.0),
        (PAIRS, {"most_rows": 10}, Stock(samples=1000), Stock(samples=500), 1.0),
        (PAIRS, {"most_rows": 600}, Stock(samples=1000), Stock(samples=500), 1.2),
        (RANKS, {}, Stock(answered=(4,) * 1000), Stock(answered=(4,) * 500), 2.0),
        (RANKS, {"most_rows": 10}, Stock(answered=(4,) * 1000), Stock(answered=(4,) * 500), 1.0),
    ],
)
def test_a_run_that_takes_no_more_than_so_many_rows_is_not_told_for_all_of_them(made, params, whole, part, times):
    told = made.Params(**{"judge": "single", "canary_share": 0} | params)
    assert times_as_much(made, params=told, whole=whole, part=part) == times
