"""Records out and in again: the same, in every layout."""

from __future__ import annotations

import gzip
import io
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generation.files import layouts, tables
from generation.files.layouts import LAYOUTS, extension_of, media_type_of
from generation.files.strict_json import Fault
from generation.files.tabular import read_records, read_rows
from tests.hostile.files import ROWS
from tests.hostile.pieces import SOUND

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\r\"',;=+-@'"), max_size=12)
NAMES = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=6)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
ODD = [ROWS[0], {"deep": [[[1]]], "o": {}}, {"n": 1}, {"n": 2.5}, {"n": 10**30}, {"m": [{"a": 1}, {"b": None}]}]


def written(records: list[dict[str, Any]], layout: str, **options: Any) -> bytes:
    file = io.BytesIO()
    assert layouts.write(records, file, layout=layout, **options) == len(records)
    return file.getvalue()


def again(raw: bytes, **options: Any) -> list[Any]:
    return [row for _, row in read_rows(io.BytesIO(raw), **options)]


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("layout", ["jsonl", "json"])
@given(records=st.lists(st.dictionaries(TEXTS, PLAIN, max_size=4), max_size=5))
@settings(max_examples=30, deadline=None)
def test_json_gives_back_every_record(layout, packed, records):
    assert again(written(records, layout, gzip=packed)) == records


@pytest.mark.parametrize("safe", [False, True])
@pytest.mark.parametrize("layout", ["csv", "tsv"])
@given(names=st.lists(NAMES, min_size=1, max_size=4, unique=True), data=st.data())
@settings(max_examples=30, deadline=None)
def test_tables_give_back_every_text(layout, safe, names, data):
    records = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(names, TEXTS)), max_size=5))
    raw = written(records, layout, spreadsheet_safe=safe)
    assert again(raw, spreadsheet_safe=safe) == records


@given(cell=TEXTS)
@example(cell="'=1")
@example(cell="''")
def test_a_cell_made_safe_is_no_formula_and_comes_back(cell):
    assert not tables.safe(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert tables.unsafe(tables.safe(cell)) == cell


@given(records=st.lists(st.dictionaries(NAMES, PLAIN, min_size=1, max_size=4), min_size=1, max_size=5))
@example(records=ODD)
@example(records=[{"a": [{"x": 1, "y": None}, {"x": 2}]}])
@settings(max_examples=6, deadline=None)
def test_parquet_gives_back_every_record_but_for_nulls(records):
    columns = dict.fromkeys(name for record in records for name in record)
    filled = [{name: record.get(name) for name in columns} for record in records]
    found = again(written(records, "parquet"))
    assert [without_nulls(row) for row in found] == [without_nulls(row) for row in filled]


def test_parquet_without_nulls_inside_gives_back_which_keys_were_there():
    records = [{"m": [{"role": "user"}, {"role": "tool", "id": "1"}]}, {"m": [{"role": "user"}]}]
    assert again(written(records, "parquet")) == records


@pytest.mark.parametrize("layout", ["jsonl", "json", "parquet"])
def test_odd_and_sound_rows_survive(layout):
    records = [
        {"name": piece.name, "row": [piece.value]} for piece in SOUND if piece.name not in ("depth_64", "keys_200")
    ]
    assert [repr(row["row"]) for row in again(written(records, layout))] == [repr(row["row"]) for row in records]


def test_columns_fill_what_is_missing_and_refuse_what_is_too_much():
    assert written([{"b": 1}, {}], "jsonl", columns=["a", "b"]) == b'{"a":null,"b":1}\n{"a":null,"b":null}\n'
    assert written([{"b": 1}], "csv", columns=["a", "b"]) == b"a,b\r\n,1\r\n"
    assert written([], "csv", columns=["a", "b"]) == b"a,b\r\n"
    with pytest.raises(Fault) as fault:
        written([{"c": 1}], "jsonl", columns=["a", "b"])
    assert (fault.value.code, fault.value.path) == ("unknown_column", "c")


def test_the_bytes_of_a_table_are_those_of_rfc_4180():
    records = [{"a": 'say "hi"', "b": None, "c": [1, {"x": "中"}]}, {"a": "two\nlines", "b": True, "c": 1.5}]
    assert written(records, "csv").decode() == (
        'a,b,c\r\n"say ""hi""",,"[1,{""x"":""中""}]"\r\n"two\nlines",true,1.5\r\n'
    )
    assert written([{"a": "=1+1"}], "csv", spreadsheet_safe=True) == b'a\r\n"\'=1+1"\r\n'


def test_lists_and_truths_come_out_of_a_table_by_their_columns():
    records = [{"history": [["a", "b"]], "label": True, "chosen_score": 4.5, "chosen": "[1, 2]", "output": "true"}]
    assert [row for _, row in read_records(io.BytesIO(written(records, "csv")))] == records


def test_gzip_is_the_same_every_day():
    raw = written([{"a": 1}], "jsonl", gzip=True)
    assert raw == written([{"a": 1}], "jsonl", gzip=True)
    assert raw[4:8] == b"\0\0\0\0"
    assert gzip.decompress(raw) == b'{"a":1}\n'


@pytest.mark.parametrize(
    ("record", "code"),
    [({"a": float("nan")}, "not_a_number"), ({"a": "\ud800"}, "lone_surrogate"), ({"a": {1}}, "not_plain")],
)
def test_what_json_cannot_hold_is_refused(record, code):
    with pytest.raises(Fault) as fault:
        written([record], "jsonl")
    assert fault.value.code == code


def test_every_layout_says_how_it_is_named_and_served():
    assert [extension_of(each.name) for each in LAYOUTS] == ["jsonl", "json", "csv", "tsv", "parquet"]
    assert extension_of("csv", gzip=True) == "csv.gz"
    assert media_type_of("csv", gzip=True) == "application/gzip"
