"""What every format in the list must keep to."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.formats import FORMATS, format_named
from generation.formats.text import check_file_text
from generation.types import Example, RowError

STORABLE = st.text(max_size=80).filter(lambda text: check_file_text(text) is None)
EXAMPLES = st.builds(
    Example,
    instruction=STORABLE,
    input=STORABLE,
    output=STORABLE,
    system=STORABLE,
    history=st.lists(st.tuples(STORABLE, STORABLE), max_size=2).map(tuple),
)

each_format = pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)


def test_names_occur_once_and_are_found_again():
    assert max(Counter(each.name for each in FORMATS).values()) == 1
    assert all(
        format_named(each.name) is each and each.title and each.extension and each.media_type for each in FORMATS
    )


@each_format
@given(examples=st.lists(EXAMPLES, max_size=4))
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_the_same_and_writes_the_same_bytes(each, examples):
    first, second = io.BytesIO(), io.BytesIO()
    assert each.write(iter(examples), first) == len(examples)
    again = [row for _, row in each.read(io.BytesIO(first.getvalue()))]
    assert again == examples
    each.write(again, second)
    assert first.getvalue() == second.getvalue()


@each_format
@given(raw=st.binary(max_size=200) | st.text(alphabet='[]{}",:\n\t\\ a1', max_size=80).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_rows_or_faults_and_never_an_exception(each, raw):
    for line, row in each.read(io.BytesIO(raw)):
        assert line >= 1
        assert isinstance(row, Example | RowError)
        if isinstance(row, RowError):
            assert row.code
            assert check_file_text(row.excerpt + row.message + row.path) is None


@each_format
def test_a_faulty_row_never_stops_the_rest(each):
    file = io.BytesIO()
    each.write([Example("Say hello to everyone.", "", "Hello, everyone, how are you?")] * 3, file)
    raw = file.getvalue().replace(b'"output"', b'"outputs"', 1)
    assert [type(row).__name__ for _, row in each.read(io.BytesIO(raw))] == ["RowError", "Example", "Example"]


@each_format
def test_rows_are_written_as_they_come(each):
    """The writer never waits for the last row: it can stream a dataset that does not fit into memory."""
    file, seen = io.BytesIO(), []

    def rows():
        for number in range(3):
            seen.append(len(file.getvalue()))
            yield Example(f"Row {number}", "", "x")

    each.write(rows(), file)
    assert seen == sorted(set(seen))


@each_format
def test_a_sound_row_has_no_errors_and_a_blank_one_has(each):
    good = Example("Name three rivers of Europe.", "", "The Danube, the Rhine and the Vistula.")
    assert each.validate(good) == []
    assert any(error.severity == "error" for error in each.validate(replace(good, output=" ")))
