"""What `json` lets through quietly is a fault here."""

from __future__ import annotations

import json

import pytest

from generation.files.strict_json import Fault, loads


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"a": NaN}', "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b'{"a": 1e999}', "not_a_number"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": "\\u0000"}', "nul_character"),
        (b'{"a": "x\\by"}', "control_character"),
        (b'{"a": "\x7f"}', "control_character"),
        (b'{"a": "\\ud800"}', "lone_surrogate"),
        (b'{"\\u0000": 1}', "nul_character"),
        (b'{"a": "\\u0007"}', "control_character"),
        (b'{"a": "raw \x07 bell"}', "bad_json"),
        (b'{"a": ' + b"9" * 4301 + b"}", "number_too_long"),
        (b"[" * 65 + b"]" * 65, "too_deep"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b'{"a": "\xff"}', "bad_encoding"),
        (b'{"a": 1} // comment', "json_comment"),
        (b"{'a': 1}", "bad_json"),
        (b'{"a": 1,}', "trailing_comma"),
        (b"", "bad_json"),
        (json.dumps({str(n): n for n in range(201)}).encode(), "too_many_keys"),
    ],
)
def test_every_leniency_has_its_code(raw, code):
    with pytest.raises(Fault) as fault:
        loads(raw)
    assert fault.value.code == code


def test_the_path_leads_to_the_fault():
    with pytest.raises(Fault) as fault:
        loads(b'{"instances": [{"output": "ok"}, {"output": "\\u0000"}]}')
    assert fault.value.path == "instances.1.output"


@pytest.mark.parametrize(
    "raw", [b'{"a": "\\ud83d\\ude42", "b": [1, 2.5, null, true]}', b"[" * 64 + b"]" * 64, b"9" * 4300]
)
def test_what_the_standard_allows_is_read(raw):
    loads(raw)
