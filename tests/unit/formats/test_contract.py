"""What a target says of a file as a whole, at its boundaries."""

from __future__ import annotations

import pytest

from generation.formats import format_named
from generation.formats.base import Options
from generation.formats.contract import MB, Contract
from generation.types import Candidate, Example, Pair, RowError

MESSAGES = {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}


def contract(name, *, rows, record=MESSAGES, size=None):
    found = Contract(format_named(name))
    for line in range(1, rows + 1):
        assert found.take(record, line=line)
        found.count(record)
    return [(fault.severity, fault.code) for fault in found.end(size=size).file_faults]


@pytest.mark.parametrize(
    ("rows", "said"),
    [(9, [("error", "too_few_rows")]), (10, [("warning", "few_rows")]), (49, [("warning", "few_rows")]), (50, [])],
)
def test_openai_refuses_fewer_than_ten_examples_and_advises_fifty(rows, said):
    assert contract("openai_messages", rows=rows) == said


def test_bailian_takes_three_hundred_megabytes_and_no_more():
    assert contract("bailian_sft", rows=1000, size=300 * MB) == []
    assert contract("bailian_sft", rows=1000, size=300 * MB + 1) == [("error", "file_too_large")]
    assert contract("bailian_sft", rows=999, size=1) == [("warning", "few_rows")]
    pair = format_named("bailian_dpo").encode(Pair(Example("Which?"), Candidate("a"), Candidate("b")), Options())
    assert contract("bailian_dpo", rows=99, record=pair) == [("warning", "few_rows")]
    assert contract("bailian_dpo", rows=100, record=pair) == []


def test_feedback_of_one_class_only_is_refused():
    found = Contract(format_named("kto"))
    record = {"prompt": "Which?", "completion": "This.", "label": True}
    found.count(record, good=True)
    assert [fault.code for fault in found.end().file_faults] == ["one_class"]
    found = Contract(format_named("kto"))
    found.count(record, good=True)
    found.count(record, good=False)
    assert found.end().file_faults == []


def test_a_control_character_is_only_warned_of_because_no_trainer_refuses_it():
    found = Contract(format_named("alpaca"))
    row = {"instruction": "Say it as it is.", "input": "", "output": "A bell \x07 rings in this answer."}
    assert found.take(row, line=1)
    assert found.findings.told == [("warning", "control_character", 1)]
    assert not found.take({**row, "output": "TODO"}, line=2)
    assert (found.findings.bad_rows, found.findings.last_error) == (1, "placeholder_output")


def test_of_each_fault_twenty_rows_are_kept_and_all_are_counted():
    found = Contract(format_named("alpaca"))
    for line in range(1, 41):
        found.take({"instruction": "Say something here.", "output": "N/A"}, line=line)
    errors = [fault for fault in found.findings.first if fault.severity == "error"]
    assert (len(errors), found.findings.bad_rows) == (20, 40)
    assert errors[-1] == RowError(20, "placeholder_output", "output", excerpt="N/A")
