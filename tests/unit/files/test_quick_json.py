"""The fast way gives what the careful way gives, or nothing."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generation.files import json_stream
from generation.files.quick_json import sure
from generation.files.strict_json import Fault, strictly
from generation.files.tabular import read_rows
from generation.types import RowError

PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        '"',
        "\\",
        '\\"',
        "\\\\",
        "\\u0000",
        "\\u0041",
        "\\ud800",
        "\\ud83d\\ude00",
        "\\n",
        "\\b",
        "\\u007f",
        "\x7f",
        "\x01",
        " ",
        "\t",
        "\n",
        "null",
        "true",
        "1",
        "-0",
        "1e5",
        "1.5",
        "9" * 19,
        "9" * 30,
        "1e999",
        "NaN",
        '"a"',
        '"a":',
        '"a" :',
        '"b":"\\\\"',
        '"中"',
        "//",
        "/*",
        "\u2028",
        "\ufeff",
        "01",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
ROWS = st.dictionaries(st.text(max_size=4), VALUES, max_size=5)


def carefully(raw: bytes) -> Any:
    try:
        return strictly(raw)
    except Fault:
        return None


def same(left: Any, right: Any) -> bool:
    """Equal with equal types all the way down: 1 is not 1.0, and 0.0 is not -0.0."""
    return repr(left) == repr(right)


@given(pieces=st.lists(PIECES, max_size=14), whole=st.booleans())
@example(pieces=['"a":1,"a":2'], whole=True)
@example(pieces=['"a" :1,"a" :2'], whole=True)
@example(pieces=['"a":"1\\\\","a":"2\\\\","b":"3\\\\","c":"4\\\\"'], whole=True)
@example(pieces=['"a":[{"b":1,"b":"x"}]'], whole=True)
@example(pieces=['"a":' + "9" * 20], whole=True)
@example(pieces=['"a":-9223372036854775809'], whole=True)
@example(pieces=['"a":"\\u0022","a":"\\u0022"'], whole=True)
@settings(max_examples=200, deadline=None)
def test_bytes_read_the_fast_way_are_read_the_same_the_careful_way(pieces, whole):
    raw = ("{" + "".join(pieces) + "}" if whole else "".join(pieces)).encode("utf-8", "surrogatepass")
    quick = sure(raw)
    assert quick is None or same(quick, carefully(raw))


@given(row=ROWS, spaced=st.booleans(), ascii_only=st.booleans())
@settings(max_examples=200, deadline=None)
def test_rows_read_the_fast_way_are_read_the_same_the_careful_way(row, spaced, ascii_only):
    raw = json.dumps(row, ensure_ascii=ascii_only, separators=(" , ", " : ") if spaced else (",", ":"))
    quick = sure(raw.encode("utf-8", "surrogatepass"))
    assert quick is None or same(quick, carefully(raw.encode()))


@pytest.mark.parametrize(
    "raw",
    [
        b'{"instruction": "Say hi", "input": "", "output": "Hi\\n\\"there\\" \\u4e2d"}',
        '{"messages": [{"role": "user", "content": "你好"}], "score": 4.5, "id": 18446744073709551615}'.encode(),
        b'{"n": null, "t": true, "l": [], "o": {}}\r\n',
        b'{"a": 1 , "b" : -0}',
    ],
)
def test_usual_rows_take_the_fast_way(raw):
    assert same(sure(raw), json.loads(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 1}', b'{"a": "\\u0000"}', b'{"a": "\\b"}', b'{"a": "\x7f"}', b'{"a": ' + b"1" * 30 + b"}",
        b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", b"[1]", b"1", b"", b'{"a": NaN}',
        json.dumps({str(n): "" for n in range(201)}).encode(),
    ],
)  # fmt: skip
def test_rows_in_doubt_do_not(raw):
    assert sure(raw) is None


@given(
    rows=st.lists(ROWS, max_size=6),
    gaps=st.lists(st.sampled_from([",", ", ", ",\n  ", " ,"]), min_size=6, max_size=6),
    same_gap=st.booleans(),
    chunk=st.sampled_from([1, 7, 64, 65536]),
)
@settings(max_examples=200, deadline=None)
def test_an_array_gives_the_rows_that_are_in_it(rows, gaps, same_gap, chunk, monkeypatch_module):
    monkeypatch_module.setattr(json_stream, "_CHUNK", chunk)
    texts = [json.dumps(row, ensure_ascii=False) for row in rows]
    raw = "[" + "".join(text + gaps[0 if same_gap else at] for at, text in enumerate(texts[:-1])) + "".join(texts[-1:])
    found = [row for _, row in read_rows(io.BytesIO((raw + "]").encode()))]
    expected = [carefully(text.encode()) for text in texts]
    assert [None if isinstance(row, RowError) else row for row in found] == expected


@given(pieces=st.lists(PIECES | st.sampled_from(['{"a":1}', '{"a":{"b":[]}},', "},{"]), max_size=12))
@example(pieces=['{"a":1}', ",", '{"a":1}', ",", '{"a":1}', ","])
@example(pieces=['{"a":1}', '{"a":1}'])
@settings(max_examples=200, deadline=None)
def test_an_array_without_faults_is_valid_json(pieces):
    raw = ("[" + "".join(pieces) + "]").encode("utf-8", "surrogatepass")
    found = [row for _, row in read_rows(io.BytesIO(raw))]
    if not any(isinstance(row, RowError) for row in found):
        assert found == json.loads(raw)


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch
