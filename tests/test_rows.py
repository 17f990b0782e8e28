"""Every promised feature has a test of its name, and the page that lists them is current."""

from __future__ import annotations

from tests.rows import TABLE, missing, named_in_source, promised, row_of, table


def test_every_promised_row_has_a_test() -> None:
    assert missing(promised()) == []


def test_no_test_answers_for_a_row_that_nobody_promised() -> None:
    assert sorted(set(named_in_source()) - set(promised())) == []


def test_the_page_of_rows_is_the_one_that_a_passing_run_writes() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(named_in_source()), "run `make rows`"


def test_a_row_is_read_from_the_name_of_a_test() -> None:
    assert row_of("test_004_11_shows_eight_examples[en]") == "004-11"
    assert row_of("test_rows") == ""
