"""Shares of letters, capitals and signs, of any script."""

from __future__ import annotations

import pytest

from generation.quality.shares import alphabetic_share, capital_share, sign_share, unique_share


@pytest.mark.parametrize(
    ("text", "letters", "capitals", "signs"),
    [
        ("abc DEF", 1.0, 0.5, 0.0),
        ("ab 12", 0.5, 0.0, 0.0),
        ("河流 12", 0.5, 0.0, 0.0),
        ("ÄÖ äö", 1.0, 0.5, 0.0),
        ("a#b#", 0.5, 0.0, 0.5),
        ("她说：“好”。", 0.5, 0.0, 0.0),
        ("a__b", 0.5, 0.0, 0.5),
        ("हिन्दी", 0.5, 0.0, 0.0),
        ("", 0.0, 0.0, 0.0),
        (" \n", 0.0, 0.0, 0.0),
    ],
)
def test_shares_are_out_of_the_characters_that_are_seen(text, letters, capitals, signs):
    assert alphabetic_share(text) == pytest.approx(letters, abs=0.08)
    assert capital_share(text) == capitals
    assert sign_share(text) == signs


def test_chinese_counts_pairs_of_neighbours():
    assert unique_share("好好好好") == pytest.approx(1 / 3)
    assert unique_share("no no no yes") == 0.5
    assert unique_share("") == 1.0
