"""Rendered text: a conversation as its chat template writes it, on one line of a file."""

from __future__ import annotations

import io

import pytest

from generation import formats
from generation.files.strict_json import Fault
from generation.formats import rendered
from generation.formats.base import Options
from generation.types import Example, Pair, ToolCall, Turn

TALK = Example("U2", "in", output="A2", turns=(Turn("user", "U1"), Turn("assistant", "A1")))


def test_003_30_a_conversation_is_exported_as_the_template_writes_it():
    out = io.BytesIO()
    formats.write([TALK], out, chosen=rendered.FORMAT, options=Options(template="mistral_v3"))
    assert out.getvalue() == b'{"text":"<s>[INST] U1[/INST] A1</s>[INST] U2\\nin[/INST] A2</s>"}\n'
    assert rendered.FORMAT.encode(TALK)["text"].startswith("<|im_start|>user\nU1<|im_end|>\n")


@pytest.mark.parametrize(
    ("row", "template", "code", "path"),
    [
        (TALK, "nobody", "unknown_template", ""),
        (TALK, "alpaca", "not_representable", "2"),
        (Example("a", calls=(ToolCall("x"),)), "llama3", "not_representable", "1"),
    ],
)
def test_what_the_template_has_no_place_for_is_refused(row, template, code, path):
    with pytest.raises(Fault) as caught:
        rendered.FORMAT.encode(row, Options(template=template))
    assert (caught.value.code, caught.value.path) == (code, path)


def test_rows_of_another_kind_are_refused_and_nothing_is_read_back():
    with pytest.raises(Fault, match="wrong_kind"):
        rendered.FORMAT.encode(Pair(Example("a"), None, None))  # type: ignore[arg-type]
    read = list(formats.read(io.BytesIO(b'{"text": "x"}\n'), chosen=rendered.FORMAT))
    assert [(line, row.code) for line, row in read] == [(1, "only_written")]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({}, "missing_field"), ({"text": 1}, "not_a_string"), ({"text": " "}, "blank"),
        ({"text": "a\x01"}, "control_character"),
        ({"text": "<s>[INST] a"}, "begins_with_token"), ({"text": "<|begin_of_text|>a"}, "begins_with_token"),
    ],
)  # fmt: skip
def test_a_broken_text_is_told(record, code):
    assert [fault.code for fault in rendered.FORMAT.check(record)] == [code]
