"""Word differences: both texts can be read back out of them, and Chinese is compared by characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fdc_project.web.differences import LONGEST, word_diff

SCRAPS = ["rain ", "snow ", "falls", ". ", "\n", "雨", "雪", "落下", "，", "e\u0301", "🌧"]
PIECES = st.lists(st.sampled_from(SCRAPS), max_size=30)


@given(PIECES, PIECES)
def test_both_texts_can_be_read_back(before: list[str], after: list[str]) -> None:
    segments = word_diff("".join(before), "".join(after))
    assert "".join(text for kind, text in segments if kind != "added") == "".join(before)
    assert "".join(text for kind, text in segments if kind != "removed") == "".join(after)
    assert all(text for _, text in segments)


def test_a_changed_word_is_changed_as_a_whole() -> None:
    assert word_diff("It splits on spaces.", "It splits on commas.") == [
        ("same", "It splits on "), ("removed", "spaces"), ("added", "commas"), ("same", "."),
    ]  # fmt: skip


def test_chinese_is_compared_character_by_character() -> None:
    assert word_diff("统计词频", "统计字频") == [
        ("same", "统计"), ("removed", "词"), ("added", "字"), ("same", "频"),
    ]  # fmt: skip


def test_equal_texts_have_no_difference_and_huge_ones_are_not_searched() -> None:
    assert word_diff("a", "a") == [("same", "a")]
    assert word_diff("", "") == []
    assert word_diff("a" * LONGEST, "b" + "a" * LONGEST)[0][0] == "removed"
