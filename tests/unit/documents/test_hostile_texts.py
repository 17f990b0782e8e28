"""Documents that were made to take for ever, or to bring a reader down."""

from __future__ import annotations

import io
import time

import pytest

from generation.documents.decoding import decode
from generation.documents.reading import read_document, read_text
from generation.quality.marks import streamed
from generation.quality.text import comparison_key


@pytest.mark.parametrize("text", ["a" + " " * 500_000 + "x", "a" + "\u0301\u0323" * 200_000, "e\u0301" * 100_000])
def test_blanks_and_marks_in_long_rows_are_read_in_good_time(text):
    begun = time.process_time()
    assert read_text(text).text
    comparison_key(text)
    assert time.process_time() - begun < 3


def test_only_long_rows_of_marks_are_changed():
    assert streamed("e\u0301 " * 50 + "ไทย中文한국") == "e\u0301 " * 50 + "ไทย中文한국"
    assert streamed("a" + "\u0301" * 31) == "a" + "\u0301" * 30 + "\u034f\u0301"


@pytest.mark.parametrize("name", ["undefined", "punycode", "idna", "hex", "rot13", "zip", "mbcs", "no-such"])
def test_a_page_may_claim_any_encoding(name):
    page = f"<meta charset={name}><p>Hello, is this read?</p>".encode()
    assert "Hello" in decode(page, declared=True)[0]
    assert read_document("a.txt", io.BytesIO(page)).text
