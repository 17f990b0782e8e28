"""The score on a judge's last line."""

from __future__ import annotations

import pytest

from generation.recipes.domain_generation.templates import stated_numbers
from generation.recipes.score_replies import last_score


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("Score: 4", 4),
        ("Score: 2\n评分：5", 5),
        ("Score: 4/5", 4),
        ("Score: 4/10", None),
        ("Score: 4.5", None),
        ("Score: " + "9" * 5000, None),
        ("Score: 4/" + "9" * 5000, None),
        ("Score: 3\nScore: -" + "9" * 400, None),
        ("none", None),
    ],
)
def test_a_score_is_read_on_its_scale_or_not_at_all(said, score):
    assert last_score(said, low=1, high=5) == score


def test_a_template_may_ask_for_a_number_of_any_length():
    assert stated_numbers("生成" + "9" * 5000 + "条, and write 12 records") == [12]
