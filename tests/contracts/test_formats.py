"""What every format in the list must keep to."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation import formats
from generation.files.layouts import layout_named
from generation.files.text import check_file_text
from generation.formats import FORMATS, format_named
from generation.types import Row, RowError

each_format = pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)


def test_names_occur_once_and_are_found_again():
    assert max(Counter(each.name for each in FORMATS).values()) == 1
    assert all(format_named(each.name) is each and each.title for each in FORMATS)
    assert all(layout_named(layout).name == layout for each in FORMATS for layout in each.layouts)


@each_format
@given(raw=st.binary(max_size=200) | st.text(alphabet='[]{}",:\n\t\\ a1', max_size=80).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_any_bytes_give_rows_or_faults_and_never_an_exception(each, raw):
    for line, row in formats.read(io.BytesIO(raw), chosen=each):
        assert line >= 1
        assert isinstance(row, Row | RowError)
        if isinstance(row, RowError):
            assert row.code
            assert check_file_text(row.excerpt + row.message + row.path) is None
