"""The page of checks is the one that a run over their labelled texts writes."""

from __future__ import annotations

from tests.checks_page import PAGE, page


def test_the_page_of_checks_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make checks`"
