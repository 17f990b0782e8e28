"""An evaluation text and a row beside each other: every second piece is in both."""

from __future__ import annotations

import pytest

from generation.quality.contamination.beside import parts, parts_of_item, parts_of_row

LONG = "".join(chr(0x4E00 + number) for number in range(900))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], ["one two three"]),
        ([(4, 7)], ["one ", "two", " three"]),
        ([(0, 3), (8, 13)], ["", "one", " two ", "three", ""]),
        ([(0, 13)], ["", "one two three", ""]),
        ([(9, 90), (7, 7), (-1, 2)], ["one two three"]),
    ],
    ids=["nothing", "middle", "ends", "all", "places that do not fit"],
)  # fmt: skip
def test_pieces_take_turns(spans, expected):
    assert parts("one two three", spans) == expected


def test_a_long_text_is_shown_from_a_little_before_what_is_shared():
    before, shared, after = parts(LONG, [(500, 520)], most=100)
    assert (before, shared, after) == ("…" + LONG[440:500], LONG[500:520], LONG[520:540] + "…")


def test_what_is_shared_is_cut_too():
    assert parts(LONG, [(0, 900)], most=100) == ["", LONG[:100], "…"]


def test_words_of_an_item_are_found_again_in_its_text():
    assert parts_of_item("Ｗho, really, is she? 是谁", [(1, 3), (4, 6)]) == [
        "Ｗho, ",
        "really, is",
        " she? ",
        "是谁",
        "",
    ]
    assert parts_of_item("a b", [(0, 5)]) == ["", "a b", ""]


def test_a_row_shows_the_fields_that_repeat_something():
    fields = {"instruction": "Say why.", "input": "", "output": "Because so."}
    spans = [("output", 0, 7), ("input", 0, 0)]
    assert parts_of_row(fields, spans) == (("output", ("", "Because", " so.")),)
