"""Whole files of public projects: every row is read, and goes out again with equal content."""

from __future__ import annotations

import io
import json

import pytest

from generation import formats
from generation.formats import format_named
from generation.types import Example, RowError
from tests.faults.seeds import published

FILES = {
    "alpaca_zh_demo.json": ("alpaca", 1000),
    "glaive_toolcall_zh_demo.json": ("sharegpt", 300),
    "mllm_demo.json": ("llama_factory_messages", 6),
    "self_instruct_seed_tasks.jsonl": ("self_instruct_seeds", 175),
}


def records_of(name):
    text = (published().parent / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", FILES)
def test_a_published_file_is_read_whole_and_goes_out_as_it_came(name):
    chosen, count = format_named(FILES[name][0]), FILES[name][1]
    with (published().parent / name).open("rb") as file:
        rows = [row for _, row in formats.read(file, chosen=chosen)]
    assert len(rows) == count
    assert not [row for row in rows if isinstance(row, RowError)]
    out = io.BytesIO()
    assert formats.write(rows, out, chosen=chosen) == count
    written = [json.loads(line) for line in out.getvalue().splitlines()]
    assert written == records_of(name)
    assert formats.likely(written[0])[0][0] is chosen
    errors = [fault for record in written for fault in chosen.check(record) if fault.severity == "error"]
    assert errors == []


def test_the_tool_calls_of_the_published_file_are_taken_apart():
    with (published().parent / "glaive_toolcall_zh_demo.json").open("rb") as file:
        rows = [row for _, row in formats.read(file, chosen=format_named("sharegpt"))]
    turns = [turn for row in rows if isinstance(row, Example) for turn in (*row.turns, *row.steps)]
    assert sum(len(turn.calls) for turn in turns) == 216
    assert sum(turn.role == "tool" for turn in turns) == 218
    assert sum(row.tools == "[]" for row in rows) == 100


def test_001_04_seed_tasks_come_in_and_go_out_and_a_bad_line_is_located():
    seeds = format_named("self_instruct_seeds")
    official = (
        b'{"id": "seed_task_0", "name": "n", "instruction": "I", "instances": [{"input": "", "output": "O"}], '
        b'"is_classification": false}\n'
    )
    upstream = b'{"id": "1", "name": "n", "instruction": "I", "instances": [{"input": "x", "output": "O"}]}\n' * 2
    bad = b'{"id": "9", "instruction": "I", "instances": [{"input": "x"}]}\n'
    found = list(formats.read(io.BytesIO(official + upstream + bad), chosen=seeds))
    assert [(line, row.output) for line, row in found if isinstance(row, Example)] == [(1, "O"), (2, "O"), (3, "O")]
    faults = [(line, row.code, row.path, row.severity) for line, row in found if isinstance(row, RowError)]
    assert faults == [(3, "duplicate_id", "id", "warning"), (4, "missing_field", "instances.0.output", "error")]
    out = io.BytesIO()
    formats.write([row for _, row in found[:1]], out, chosen=seeds)
    assert json.loads(out.getvalue()) == json.loads(official)


def test_a_task_with_several_instances_is_as_many_rows_on_its_line():
    record = {"instruction": "I", "instances": [{"input": str(n), "output": f"O{n}"} for n in range(3)]}
    found = list(format_named("self_instruct_seeds").read([(7, record)]))
    assert [(line, row.input, row.output) for line, row in found] == [(7, "0", "O0"), (7, "1", "O1"), (7, "2", "O2")]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"instruction": "I", "instances": []}, "no_instances"),
        ({"instruction": "I"}, "missing_field"),
        ({"instruction": " ", "instances": [{"output": "O"}]}, "empty_instruction"),
        ({"instruction": "I", "instances": [{"input": "x", "output": ""}]}, "empty_output"),
        ({"instruction": "I", "instances": "x"}, "not_a_list"),
        ({"instruction": "I", "instances": [5]}, "not_an_object"),
    ],
)
def test_a_broken_seed_task_is_an_error(record, code):
    assert [fault.code for fault in format_named("self_instruct_seeds").check(record)] == [code]
