"""Quotes: found where they stand, whatever became of their blanks."""

import pytest

from generation.documents.quotes import find_quote, is_telling

TEXT = "The bridge,\nbuilt in 1932, is “the widest”\nof its kind.\n\n大桥于1932年\n建成，是同类中最宽的。"


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("built in 1932", "built in 1932"),
        ("The bridge, built   in 1932", "The bridge,\nbuilt in 1932"),
        ('is "the widest" of its kind', "is “the widest”\nof its kind"),
        ("“The bridge, built in 1932…”", "The bridge,\nbuilt in 1932"),
        ("the bridge, BUILT", "The bridge,\nbuilt"),
        ("大桥于 1932 年建成", "大桥于1932年\n建成"),
        ("「大桥于１９３２年建成」", "大桥于1932年\n建成"),
    ],
)
def test_a_quote_is_found_with_its_exact_place(quote, found):
    start, end = find_quote(TEXT, quote)
    assert TEXT[start:end] == found


@pytest.mark.parametrize("quote", ["built in 1933", "", " “” ", "the tallest", "大桥于1933年"])
def test_what_the_text_does_not_say_is_not_found(quote):
    assert find_quote(TEXT, quote) is None


def test_a_quote_must_be_long_enough_to_tell_its_place():
    assert is_telling("in 1932, is")
    assert is_telling("大桥建成")
    assert not is_telling("the")
    assert not is_telling("大桥")
