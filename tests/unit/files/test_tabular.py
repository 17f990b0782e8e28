"""Rows out of any layout; one faulty row never stops the good ones."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from generation.files import strict_json
from generation.files.tabular import Layout, detect, read_rows
from generation.types import RowError

ROWS = [
    {"sentence": "plain", "label": "1"},
    {"sentence": 'with "quotes", commas; and\ttabs', "label": "0"},
    {"sentence": "two\nlines", "label": "1"},
    {"sentence": "中文，内容\u2028不分行", "label": "0"},
    {"sentence": "]}{[ brackets", "label": "1"},
]


def as_csv(delimiter: str) -> bytes:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row.values()] for row in ROWS]
    return "\n".join(delimiter.join(line) for line in [["sentence", "label"], *quoted]).encode() + b"\n"


def as_lines() -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


LAYOUTS = {
    "lines": as_lines(),
    "lines with a mark": b"\xef\xbb\xbf" + as_lines(),
    "lines with CRLF and blanks": as_lines().replace(b"}\n", b"}\r\n\r\n"),
    "array": json.dumps(ROWS).encode(),
    "array, indented": json.dumps(ROWS, indent=4, ensure_ascii=False).encode(),
    "comma": as_csv(","),
    "tab": as_csv("\t"),
    "semicolon": as_csv(";"),
    "utf-16": as_lines().decode().encode("utf-16"),
    "utf-16-be without a mark": as_lines().decode().encode("utf-16-be"),
    "gzip": gzip.compress(as_csv(",")),
}


def rows(raw: bytes) -> list[dict]:
    found = list(read_rows(io.BytesIO(raw)))
    assert not [row for _, row in found if isinstance(row, RowError)], found
    return [row for _, row in found]


def faults(raw: bytes) -> list[tuple[int, str]]:
    return [(line, row.code) for line, row in read_rows(io.BytesIO(raw)) if isinstance(row, RowError)]


@pytest.mark.parametrize("name", LAYOUTS)
def test_000_09_the_same_rows_come_out_of_every_layout(name):
    assert rows(LAYOUTS[name]) == ROWS


def test_a_single_object_over_several_lines_is_one_row():
    assert rows(json.dumps(ROWS[0], indent=2).encode()) == [ROWS[0]]


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("lines", Layout("jsonl", "utf-8")),
        ("lines with a mark", Layout("jsonl", "utf-8-sig")),
        ("array", Layout("json", "utf-8")),
        ("comma", Layout("csv", "utf-8", ",")),
        ("tab", Layout("tsv", "utf-8", "\t")),
        ("semicolon", Layout("csv", "utf-8", ";")),
        ("utf-16", Layout("jsonl", "utf-16-le")),
        ("gzip", Layout("csv", "utf-8", ",", gzip=True)),
    ],
)
def test_the_layout_is_told_and_the_file_left_where_it_was(name, layout):
    file = io.BytesIO(LAYOUTS[name])
    assert detect(file) == layout
    assert file.tell() == 0


def test_an_empty_file_has_no_rows():
    assert detect(io.BytesIO(b" \n")).kind == "empty"
    assert rows(b"") == rows(b"\n \n") == []


def test_faulty_lines_are_named_and_the_rest_is_read():
    raw = b'{"a": 1}\n{"a": NaN}\nnonsense\n[1]\n{"a": "\xff"}\n{"a": 2}'
    assert faults(raw) == [(2, "not_a_number"), (3, "bad_json"), (4, "not_an_object"), (5, "bad_encoding")]
    assert [row for _, row in read_rows(io.BytesIO(raw)) if isinstance(row, dict)] == [{"a": 1}, {"a": 2}]


def test_faulty_elements_of_an_array_are_named_by_the_line_they_begin_on():
    raw = b'[\n{"a": 1},\n5,\n{"a": 1, "a": 2},\n{"a":\n "x"}\n]'
    assert faults(raw) == [(3, "not_an_object"), (4, "duplicate_key")]
    assert [line for line, row in read_rows(io.BytesIO(raw)) if isinstance(row, dict)] == [2, 5]


def test_an_array_that_ends_early_keeps_what_came_before():
    assert faults(b'[{"a": 1}, {"a": 2}') == [(1, "unfinished_array")]
    assert faults(b'[{"a": 1},\n{"a": "open') == [(2, "unfinished_row")]


def test_a_quote_that_is_never_closed_costs_one_line():
    raw = b'a,b\n1,2\n3,"open\n4,5\n'
    assert faults(raw) == [(3, "unbalanced_quote")]
    assert [row for _, row in read_rows(io.BytesIO(raw)) if isinstance(row, dict)] == [
        {"a": "1", "b": "2"},
        {"a": "4", "b": "5"},
    ]


def test_columns_must_fit_the_header_and_the_header_must_be_whole():
    [(line, error)] = [each for each in read_rows(io.BytesIO(b"a,b\n1\n")) if isinstance(each[1], RowError)]
    assert (line, error.code, error.excerpt) == (2, "wrong_column_count", "1")
    assert faults(b"a,a\n1,2\n") == [(1, "duplicate_key")]
    assert faults(b"a,\n1,2\n") == [(1, "missing_header")]


def test_long_cells_are_read_whole():
    assert rows(b"a,b\n" + b"x" * 500_000 + b",1\n")[0]["a"] == "x" * 500_000


def test_a_line_over_the_limit_is_skipped_to_its_end(monkeypatch):
    monkeypatch.setattr("generation.files.tabular.MAX_LINE", 50)
    raw = b'{"a": 1}\n{"a": "' + b"x" * 200 + b'"}\n{"a": 2}\n'
    assert faults(raw) == [(2, "line_too_long")]
    assert len(list(read_rows(io.BytesIO(raw)))) == 3


def test_a_file_with_too_many_rows_stops_with_a_word(monkeypatch):
    monkeypatch.setattr("generation.files.tabular.MAX_ROWS", 2)
    assert faults(b'{"a":1}\n' * 5) == [(3, "too_many_rows")]


def test_an_archive_that_swells_is_stopped(monkeypatch):
    monkeypatch.setattr("generation.files.encoding._RATIO_FROM", 1000)
    bomb = gzip.compress(b'{"a": 1}\n' + b" " * 5_000_000)
    assert faults(bomb)[-1][1] == "too_large"


def test_a_damaged_archive_keeps_its_good_rows_and_says_so():
    packed = gzip.compress(as_lines() * 400)
    assert faults(packed[:-20])[-1][1] == "bad_gzip"


def test_a_row_over_the_limit_in_an_array_ends_the_reading(monkeypatch):
    monkeypatch.setattr("generation.files.json_stream.MAX_LINE", 70_000)
    raw = b'[{"a": 1}, {"a": "' + b"x" * 400_000 + b'"}]'
    assert faults(raw) == [(1, "line_too_long")]


def test_memory_stays_flat_while_a_large_array_is_read():
    import tracemalloc

    class Endless(io.RawIOBase):
        """20 MB of rows that are made as they are read."""

        def __init__(self):
            self.left, self.rest = 20_000, b"["

        def readable(self):
            return True

        def seekable(self):
            return True

        def tell(self):
            return 0

        def seek(self, offset, whence=0):
            return 0

        def read(self, size=-1):
            while len(self.rest) < size and self.left:
                self.left -= 1
                self.rest += b'{"a": "' + b"x" * 1000 + (b'"},\n' if self.left else b'"}]')
            data, self.rest = self.rest[:size], self.rest[size:]
            return data

    class Twice(Endless):
        """Gives its first bytes again after the look at the beginning."""

        def seek(self, offset, whence=0):
            self.__init__()
            return 0

    tracemalloc.start()
    count = sum(isinstance(row, dict) for _, row in read_rows(Twice()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000


def test_limits_are_those_of_the_documentation():
    assert (strict_json.MAX_DEPTH, strict_json.MAX_KEYS, strict_json.MAX_LINE) == (64, 200, 8 * 1024 * 1024)


def test_control_characters_come_through_only_for_a_cleaner():
    for source in (b'{"a": "x\\u0007\\ud800y"}\n', b'{"a": "x\x07y"}\n', b"a\nx\x07y\n"):
        strict = [row for _, row in read_rows(io.BytesIO(source))]
        loose = [row for _, row in read_rows(io.BytesIO(source), controls=True)]
        assert isinstance(strict[0], RowError)
        assert loose[0]["a"][:2] == "x\x07"
