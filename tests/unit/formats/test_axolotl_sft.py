"""Every shape of Axolotl for supervised training, by its name, with a broken record for each rule."""

from __future__ import annotations

import pytest

from generation.files.strict_json import Fault
from generation.formats import format_named
from generation.formats.axolotl_instruct import SHAPES
from generation.types import Example, RowError, Turn

INSTRUCT = {
    "axolotl_alpaca": {"instruction": "I", "input": "N", "output": "O"},
    "axolotl_jeopardy": {"question": "I", "category": "N", "answer": "O"},
    "axolotl_oasst": {"INSTRUCTION": "I", "RESPONSE": "O"},
    "axolotl_gpteacher": {"instruction": "I", "input": "N", "response": "O"},
    "axolotl_reflection": {"instruction": "I", "input": "N", "output": "O", "reflection": "R", "corrected": "C"},
    "axolotl_open_orca": {"system_prompt": "S", "question": "I", "response": "O"},
    "axolotl_context_qa": {"article": "N", "question": "I", "answer": "O"},
    "axolotl_context_qa_v2": {"context": "N", "question": "I", "answer": "O"},
    "axolotl_qa": {"question": "I", "answer": "O"},
    "axolotl_camel_ai": {"message_1": "I", "message_2": "O"},
    "axolotl_summarizetldr": {"article": "I", "summary": "O"},
    "axolotl_creative_acr": {"instruction": "I", "revision": "O"},
    "axolotl_creative_acr_critique": {"instruction": "I", "answer": "N", "critiques": "O", "scores": "5"},
    "axolotl_creative_acr_revise": {
        "instruction": "I", "answer": "N", "revision": "O", "scores": "5", "critiques": "K",
    },
    "axolotl_metharme": {"prompt": "I", "generation": "O"},
    "axolotl_user_defined": {"system": "S", "instruction": "I", "input": "N", "output": "O"},
}  # fmt: skip


def read(name, record):
    return next(row for _, row in format_named(name).read([(1, record)]))


def errors(name, record):
    return [(each.code, each.path) for each in format_named(name).check(record) if each.severity == "error"]


def test_every_flat_shape_is_tested_here():
    assert {f"axolotl_{shape.name}" for shape in SHAPES} == set(INSTRUCT)


@pytest.mark.parametrize("name", INSTRUCT)
def test_a_flat_shape_reads_and_writes_the_same_record(name):
    record = INSTRUCT[name]
    row = read(name, record)
    assert (row.instruction, row.output) == ("I", "O")
    assert row.input in ("", "N")
    assert row.input == "N" or "N" not in record.values()
    assert row.system == ("S" if "S" in record.values() else "")
    assert format_named(name).encode(row) == record
    assert errors(name, record) == []
    assert format_named(name).likeness(record) >= 45


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_flat_shape_refuses_a_missing_column_a_number_and_a_blank_answer(shape):
    name = f"axolotl_{shape.name}"
    sound = INSTRUCT[name]
    without = {key: value for key, value in sound.items() if key != shape.output}
    assert errors(name, without) == [("missing_field", shape.output)]
    assert errors(name, {**sound, shape.instruction: 5}) == [("not_a_string", shape.instruction)]
    assert errors(name, {**sound, shape.output: " "}) == [("blank", shape.output)]
    assert errors(name, {**sound, shape.output: "a\u0000"}) == [("nul_character", shape.output)]


def test_columns_of_one_shape_alone_must_come_with_the_row():
    with pytest.raises(Fault) as caught:
        format_named("axolotl_reflection").encode(Example("I", output="O"))
    assert (caught.value.code, caught.value.path) == ("missing_field", "reflection")


def test_where_a_shape_has_no_input_it_joins_the_instruction():
    assert format_named("axolotl_oasst").encode(Example("I", "N", "O")) == {"INSTRUCTION": "I\nN", "RESPONSE": "O"}


SEGMENTS = {"segments": [{"label": False, "text": "Q\n"}, {"label": True, "text": "A"}]}


def test_segments_are_turns_and_the_line_end_between_them_belongs_to_neither():
    assert read("axolotl_input_output", SEGMENTS) == Example("Q", output="A")
    assert format_named("axolotl_input_output").encode(Example("Q", output="A")) == SEGMENTS
    spaced = Example("Q", output=" A", turns=(Turn("user", "u\n"), Turn("assistant", "a")))
    told = format_named("axolotl_input_output").encode(spaced)
    assert [each["text"] for each in told["segments"]] == ["u\n\n", "a\n", "Q", " A"]
    assert read("axolotl_input_output", told) == spaced


@pytest.mark.parametrize(
    ("record", "code", "path"),
    [
        ({}, "missing_field", "segments"),
        ({"segments": "x"}, "not_a_list", "segments"),
        ({"segments": [{"label": 1, "text": "x"}]}, "bad_segment", "segments.0"),
        ({"segments": [{"label": True}]}, "bad_segment", "segments.0"),
        ({"segments": [{"label": False, "text": "x"}]}, "nothing_trained", "segments"),
    ],
)
def test_broken_segments_are_errors(record, code, path):
    assert errors("axolotl_input_output", record) == [(code, path)]


@pytest.mark.parametrize(
    ("record", "code", "path"),
    [
        ({"input_ids": [1], "attention_mask": [1]}, "missing_field", "labels"),
        ({"input_ids": ["a"], "attention_mask": [1], "labels": [1]}, "not_whole_numbers", "input_ids"),
        ({"input_ids": [1, 2], "attention_mask": [1], "labels": [1]}, "unequal_lengths", "input_ids"),
    ],
)
def test_tokenised_rows_are_checked(record, code, path):
    assert (code, path) in errors("axolotl_tokenised", record)


def test_tokenised_rows_are_known_and_refused_with_the_reason():
    record = {"input_ids": [1, 2], "attention_mask": [1, 1], "labels": [-100, 2]}
    assert errors("axolotl_tokenised", record) == []
    row = read("axolotl_tokenised", record)
    assert isinstance(row, RowError)
    assert row.code == "tokenised"


@pytest.mark.parametrize(
    ("record", "code", "path"),
    [
        ({"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "train": 1}]},
         "bad_weight", "messages.1.train"),
        ({"messages": [{"role": "bot", "content": "q"}]}, "unrecognized_role", "messages.0.role"),
        ({"messages": []}, "missing_messages_list", "messages"),
    ],
)  # fmt: skip
def test_chat_template_rows_are_checked(record, code, path):
    assert (code, path) in errors("axolotl_chat_template", record)


def test_sharegpt_of_axolotl_is_the_bare_conversation():
    record = {"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]}
    assert read("axolotl_sharegpt", record) == Example("q", output="a")
    assert format_named("axolotl_sharegpt").encode(Example("q", output="a")) == record
    assert errors("axolotl_sharegpt", {"conversations": record["conversations"][:1]}) == [
        ("no_answer", "conversations")
    ]
    with pytest.raises(Fault):
        format_named("axolotl_sharegpt").encode(Example("q", output="a", tools="[]"))
