"""The page of formats is the one that a run over all formats writes."""

from __future__ import annotations

from tests.formats_page import PAGE, page


def test_the_page_of_formats_is_current_and_no_format_fails() -> None:
    text = page()
    assert "**" not in text
    assert PAGE.read_text(encoding="utf-8") == text, "run `make formats`"
