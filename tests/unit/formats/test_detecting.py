"""What a file is: its layout, its format, and which column is which field. Never a silent guess."""

from __future__ import annotations

import io
import json

import pytest

from generation.files import layouts
from generation.formats.detecting import Detected, detect, read_records, renamed
from generation.types import RowError

ALPACA = {"instruction": "Name a colour.", "input": "", "output": "Blue."}


def file_of(*records: dict, layout: str = "jsonl", gzip: bool = False) -> io.BytesIO:
    made = io.BytesIO()
    layouts.write(records, made, layout=layout, gzip=gzip)
    made.seek(0)
    return made


def seen(*records: dict, layout: str = "jsonl", gzip: bool = False) -> Detected:
    return detect(file_of(*records, layout=layout, gzip=gzip))


@pytest.mark.parametrize("gzip", [False, True])
@pytest.mark.parametrize("layout", ["jsonl", "json", "csv", "tsv", "parquet"])
def test_alpaca_is_told_in_every_layout(layout, gzip):
    found = seen(ALPACA, ALPACA, layout=layout, gzip=gzip)
    assert (found.layout, found.gzip, found.columns) == (layout, gzip, ("instruction", "input", "output"))
    assert found.clear
    assert found.clear.format == "alpaca"
    assert found.fields == {}
    assert [record for _, record in found.records] == [ALPACA, ALPACA]


@pytest.mark.parametrize(
    ("record", "format_name", "fields"),
    [
        ({"question": "1+1?", "context": "", "answer": "2", "id": 7}, "alpaca",
         {"question": "instruction", "context": "input", "answer": "output"}),
        ({"问题": "一加一？", "回答": "二"}, "alpaca", {"问题": "instruction", "回答": "output"}),
        ({"指令": "翻译", "输入": "你好", "输出": "Hello", "系统提示词": "译者"}, "alpaca",
         {"指令": "instruction", "输入": "input", "输出": "output", "系统提示词": "system"}),
        ({"Prompt": "1+1?", "Preferred": "2", "Worse": "3"}, "preference",
         {"Prompt": "prompt", "Preferred": "chosen", "Worse": "rejected"}),
        ({"正文": "很久以前……"}, "text", {"正文": "text"}),
    ],
)  # fmt: skip
def test_columns_with_other_names_are_proposed_for_fields(record, format_name, fields):
    found = seen(record)
    guess = next(guess for guess in found.candidates if guess.format == format_name)
    assert guess.fields == fields


def test_candidates_that_read_other_rows_are_all_given_and_none_is_taken():
    found = seen({"question": "1+1?", "answer": "2"})
    assert len(found.candidates) > 1
    assert found.clear is None or found.clear.format == found.candidates[0].format


def test_a_row_that_nobody_knows_has_no_candidates():
    found = seen({"x": 1})
    assert (found.layout, found.candidates, found.clear, found.fields) == ("jsonl", (), None, {})


def test_a_few_broken_rows_do_not_hide_what_the_others_are():
    lines = [json.dumps(ALPACA)] * 20 + ["{broken", '{"other": 1}'] * 3
    found = detect(io.BytesIO("\n".join(lines).encode()))
    assert found.clear
    assert found.clear.format == "alpaca"
    assert sum(isinstance(record, RowError) for _, record in found.records) == 3


@pytest.mark.parametrize(
    ("raw", "layout", "code"),
    [
        (b"PK\x03\x04 xlsx", "unknown", "unreadable_file"),
        (b"\x1f\x8b damaged", "unknown", "bad_gzip"),
        (b"PAR1 nothing", "parquet", "bad_parquet"),
    ],
)
def test_a_file_of_no_rows_says_why(raw, layout, code):
    found = detect(io.BytesIO(raw))
    [(_, fault)] = found.records
    assert (found.layout, fault.code, found.candidates) == (layout, code, ())


def test_an_empty_file_is_empty():
    assert detect(io.BytesIO(b" \n")).layout == "empty"


def test_a_first_line_that_is_broken_does_not_hide_the_lines():
    raw = b'{"instruction": "cut of\n' + b"\n".join([json.dumps(ALPACA).encode()] * 3)
    found = detect(io.BytesIO(raw))
    assert found.layout == "jsonl"
    assert [isinstance(record, dict) for _, record in found.records] == [False, True, True, True]


def test_comments_and_commas_are_read_over_only_when_that_is_asked_for():
    raw = b'// KTO\n[\n  {"a": 1, "b": "x // y"}, // one\n  /* two */ {"a": [2,],},\n]\n'
    strict = [row.code if isinstance(row, RowError) else row for _, row in read_records(io.BytesIO(raw))]
    loose = [row for _, row in read_records(io.BytesIO(raw), lenient=True)]
    assert strict == [
        "json_comment", {"a": 1, "b": "x // y"}, "json_comment", "json_comment", "trailing_comma", "trailing_comma",
    ]  # fmt: skip
    assert loose == [{"a": 1, "b": "x // y"}, {"a": [2]}]
    lines = b'{"a": 1}, // one\n// two\n{"a": 2}\n'
    assert [row for _, row in read_records(io.BytesIO(lines), lenient=True)] == [{"a": 1}, {"a": 2}]


def test_keys_are_renamed_left_out_and_never_merged():
    records = [
        (1, {"问题": "a", "output": "b", "id": 1}),
        (2, RowError(2, "bad_json")),
        (3, {"output": "x", "答": "y"}),
    ]
    found = list(renamed(records, {"问题": "instruction", "答": "output", "id": ""}))
    assert found[0] == (1, {"instruction": "a", "output": "b"})
    assert found[1] == records[1]
    assert (found[2][1].code, found[2][1].path) == ("duplicate_key", "output")
