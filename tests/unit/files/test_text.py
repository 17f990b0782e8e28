"""What a text may not hold."""

from __future__ import annotations

import pytest

from generation.files.text import check_file_text, check_text, excerpt


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
