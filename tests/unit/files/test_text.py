"""What a text may not hold."""

from __future__ import annotations

import pytest

from generation.files.text import check_file_text, check_text, excerpt, record_excerpt


@pytest.mark.parametrize(
    ("text", "code"),
    [("plain 文字 🙂", None), ("a\0b", "nul_character"), ("half \udc00", "lone_surrogate"), ("bell \x07", None)],
)
def test_what_postgresql_cannot_hold_has_a_code(text, code):
    assert check_text(text) == code


@pytest.mark.parametrize(
    ("text", "code"), [("bell \x07", "control_character"), ("a\tb\r\nc", None), ("\0", "nul_character")]
)
def test_files_hold_no_controls_but_tabs_and_line_ends(text, code):
    assert check_file_text(text) == code


def test_an_excerpt_is_short_and_can_be_stored():
    assert len(excerpt(b"x" * 1000)) == 200
    assert check_text(excerpt("a\0b\ud800c")) is None
    assert check_text(excerpt(b"\xff\xfe\x00 bytes")) is None


@pytest.mark.parametrize(
    ("record", "shown"),
    [
        ({"instruction": "it's", "output": None}, '{"instruction": "it\'s", "output": null}'),
        ({"问": "答\x00\x07"}, '{"问": "答\\u0000\\u0007"}'),
        ({"half": "\ud800"}, '{"half": "?"}'),
        ({"bytes": b"a"}, '{"bytes": "b\'a\'"}'),
        ("x" * 300, '"' + "x" * 199),
    ],
)
def test_a_faulty_record_is_shown_as_the_json_that_stands_in_the_file(record, shown):
    assert record_excerpt(record) == shown
