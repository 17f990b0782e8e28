"""What is put right without asking, and what must come through as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.alpaca.cleaners import CLEANERS, clean

FENCED = "Run this:\n```python\ndef f(x):   \n\n\n\n\n\n    return x\t\n```\nDone."


def cleaned(text: str, field: str = "output") -> tuple[str, list[str]]:
    changes = list(clean(text, field=field))
    return (changes[-1].after if changes else text), [change.code for change in changes]


def test_000_15_line_ends_and_blanks_in_a_code_block_survive():
    assert cleaned(FENCED) == (FENCED, [])


@pytest.mark.parametrize(
    "marker",
    ["<noinput>", "<no input>", "No input", "noinput", "none", "N/A", "None.", "[no input]", "No input required",
     "no_input", "无", "无输入", "（无）", "不适用", " <NOINPUT>\n"],
)  # fmt: skip
def test_000_15_a_marker_for_no_input_becomes_empty(marker):
    assert cleaned(marker, "input") == ("", ["empty_marker"])


@pytest.mark.parametrize("text", ["None of these is true.", "Nonetheless, go on.", "无论如何", "no input devices", "0"])
def test_an_input_that_only_begins_like_a_marker_stays(text):
    assert cleaned(text, "input") == (text, [])


def test_a_marker_is_nothing_but_a_word_in_other_fields():
    assert cleaned("None", "output") == ("None", [])


def test_000_15_control_characters_are_taken_out_and_counted():
    (change,) = clean("ring\x07 the \x1b[31mbell\x1b[0m\x00", field="output")
    assert (change.code, change.after, change.characters) == ("control_character", "ring the bell", 11)


@pytest.mark.parametrize(
    ("field", "before", "after", "codes"),
    [
        ("output", "one\r\ntwo\rthree", "one\ntwo\nthree", ["line_ends"]),
        ("output", "Step 1\\nStep 2", "Step 1\nStep 2", ["literal_escapes"]),
        ("output", "Output: Yes.", "Yes.", ["field_label"]),
        ("output", "### Response:\nYes.", "Yes.", ["field_label"]),
        ("output", "输出：好的。", "好的。", ["field_label"]),
        ("output", "Answer: 42", "Answer: 42", []),
        ("instruction", "1. Instruction: Name a fish.", "Name a fish.", ["field_label"]),
        ("instruction", "Output: what does it mean?", "Output: what does it mean?", []),
        ("input", "Input: <noinput>", "", ["field_label", "empty_marker"]),
        ("output", "one  \ntwo\t\n", "one\ntwo", ["trailing_blanks"]),
        ("output", "\n\n    indented stays", "    indented stays", ["outer_blank_lines"]),
        ("output", "a\n\n\n\nb", "a\n\n\n\nb", []),
        ("output", "a\n\n\n\n\nb", "a\n\nb", ["blank_lines"]),
        ("system", "Be kind.\x07", "Be kind.", ["control_character"]),
        ("output", "一\n\n二", "一\n\n二", []),
    ],
)
def test_each_repair_does_its_own_and_no_more(field, before, after, codes):
    assert cleaned(before, field) == (after, codes)


def test_one_cleaner_may_be_chosen_alone():
    changes = list(clean("a\x07  \n", field="output", names=frozenset({"trailing_blanks"})))
    assert [change.after for change in changes] == ["a\x07"]


PIECES = ["a", "b", " ", "中", "\n", "\r", "\t", "`", "~", "\\", ":", "#", "\x07", "```", "\\n", "Output:", "1."]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@given(text=TEXTS, field=st.sampled_from(["instruction", "input", "output"]))
@settings(max_examples=200, deadline=None)
def test_what_was_cleaned_once_keeps_its_words(text, field):
    """Nothing but blanks, controls, labels, markers and written-out line ends ever goes."""
    after, codes = cleaned(text, field)
    if not {"field_label", "empty_marker", "literal_escapes"} & set(codes):
        assert "".join(after.split()) == "".join(text.replace("\x07", "").split())


@pytest.mark.parametrize("cleaner", CLEANERS, ids=lambda each: each.name)
def test_long_texts_are_cleaned_quickly(cleaner):
    for piece in ("\n", " \n", "```\n", "a  ", "\\n", "\r", "~~~\n~"):
        cleaner.mend(piece * (200_000 // len(piece)), cleaner.fields[0])
