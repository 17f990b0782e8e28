"""`manage.py alpaca_constructor` as it is typed: rows, a report and every change; the tutorial's chain of commands."""

from __future__ import annotations

import json
import re

import pytest

from generation.management.commands import alpaca_constructor, construct_fewshot
from generation.samples import sample_path
from tests.commands import run_command

LONG = "An answer that is long enough."


@pytest.fixture
def typed(capsys):
    def run(*arguments: object) -> tuple[int, str, str]:
        return run_command(alpaca_constructor.Command(), "alpaca_constructor", *arguments, capsys=capsys)

    return run


def rows_of(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_000_19_the_output_of_few_shot_construction_goes_in_unchanged(typed, tmp_path, capsys):
    """The tutorial's first and third command, as they stand there."""
    few, clean = tmp_path / "data" / "fewshot_output.jsonl", tmp_path / "data" / "alpaca_output.jsonl"
    first = run_command(
        construct_fewshot.Command(), "construct_fewshot", "--input-file", sample_path("sentiment_demo.json"),
        "--task-type", "sentiment", "--output-path", few, capsys=capsys,
    )  # fmt: skip
    code, said, _ = typed("--input-file", few, "--output-path", clean)
    assert (first[0], code) == (0, 0)
    assert "fewshot_to_alpaca" in said
    assert clean.read_bytes() == few.read_bytes()
    assert len(rows_of(clean)) == 28


@pytest.mark.parametrize(
    ("name", "conversion", "rows"),
    [
        ("sentiment_demo.json", "classification_to_alpaca", 28),
        ("fewshot_sentiment.jsonl", "fewshot_to_alpaca", 28),
        ("alpaca_demo.jsonl", "fewshot_to_alpaca", 16),
        ("sample_instruction_data.json", "fewshot_to_alpaca", 24),
        ("sample_conversation_data.json", "chat_to_alpaca", 12),
        ("self_instruct.jsonl", "seed_tasks_to_alpaca", 19),
    ],
)
def test_000_19_every_shipped_sample_of_lessons_is_recognised(typed, tmp_path, name, conversion, rows):
    code, said, _ = typed("--input-file", sample_path(name), "--output-path", tmp_path / "out.jsonl")
    assert (code, conversion in said, len(rows_of(tmp_path / "out.jsonl"))) == (0, True, rows)
    told = json.loads((tmp_path / "out.jsonl.report.json").read_text())
    assert (told["conversion"], told["rows_read"] > 0, told["rows_dropped"]) == (conversion, True, 0)


def test_000_15_control_characters_are_taken_out_and_counted_and_code_keeps_its_lines(typed, tmp_path):
    code_block = "Run:\n```python\ndef f():   \n\n\n\n\n\n    return 1\n```"
    rows = [
        {
            "instruction": "Say what rings.",
            "input": "<noinput>",
            "output": "The bell\x07 rings\x00 in the \x1b[1mtower.",
        },
        {"instruction": "Write a function.", "input": "", "output": code_block},
    ]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert typed("--input-file", tmp_path / "rows.jsonl", "--output-path", tmp_path / "out.jsonl")[0] == 0
    assert rows_of(tmp_path / "out.jsonl") == [
        {"instruction": "Say what rings.", "input": "", "output": "The bell rings in the tower."},
        {"instruction": "Write a function.", "input": "", "output": code_block},
    ]
    told = json.loads((tmp_path / "out.jsonl.report.json").read_text())
    assert told["changed"] == {"empty_marker": 1, "control_character": 1}
    assert told["characters_removed"] == {"empty_marker": 9, "control_character": 6}
    changes = rows_of(tmp_path / "out.jsonl.changes.jsonl")
    assert [(each["line"], each["code"], each["field"]) for each in changes] == [
        (1, "empty_marker", "input"),
        (1, "control_character", "output"),
    ]


def test_000_18_the_report_says_the_figures_of_the_rows_that_were_written(typed, tmp_path):
    rows = [{"instruction": "a" * 10, "output": "b" * 20}, {"instruction": "c" * 30, "output": "d" * 40}]
    (tmp_path / "rows.json").write_text(json.dumps([*rows, {"instruction": "no output"}]))
    _, said, _ = typed("--input-file", tmp_path / "rows.json", "--output-path", tmp_path / "out.jsonl")
    assert "3 rows read, 2 written, 0 of them changed, 1 left out" in said
    assert re.search(r"instruction, characters +10 +20 +20 +30 +30 +0.0%", said)
    told = json.loads((tmp_path / "out.jsonl.report.json").read_text())["statistics"]
    assert told["fields"]["output"]["characters"] == {"min": 20, "mean": 30.0, "median": 30.0, "p95": 40, "max": 40}


def test_000_14_two_meanings_are_refused_and_one_may_be_forced(typed, tmp_path):
    source, target = tmp_path / "rows.csv", tmp_path / "out.jsonl"
    source.write_text(f"question,answer,text,label\nWhich fish is it?,{LONG},It swims.,fish\n")
    code, _, complaint = typed("--input-file", source, "--output-path", target)
    assert (code, list(tmp_path.glob("out*"))) == (1, [])
    assert all(name in complaint for name in ("qa_to_alpaca", "classification_to_alpaca", "--conversion-type"))
    for name, output in (("qa_to_alpaca", LONG), ("classification_to_alpaca", "fish")):
        assert typed("--input-file", source, "--output-path", target, "--conversion-type", name)[0] == 0
        assert rows_of(target)[0]["output"] == output


def test_codes_of_labels_get_words(typed, tmp_path):
    target = tmp_path / "out.jsonl"
    arguments = ("--input-file", sample_path("sentiment_demo.json"), "--output-path", target)
    assert typed(*arguments, "--label", "0=Negative", "--label", "1=Positive")[0] == 0
    assert {row["output"] for row in rows_of(target)} == {"Negative", "Positive"}
    assert "Labels: Negative, Positive" in rows_of(target)[0]["instruction"]
    assert "标签：Negative、Positive" in rows_of(target)[-1]["instruction"]
    assert typed(*arguments, "--label", "zero")[0] == 1


def test_an_older_file_stays_when_no_row_can_be_used(typed, tmp_path):
    (tmp_path / "rows.json").write_text('[{"instruction": "Name a fish.", "output": ""}]')
    (tmp_path / "out.jsonl").write_text("older")
    code, said, _ = typed("--input-file", tmp_path / "rows.json", "--output-path", tmp_path / "out.jsonl")
    assert (code, (tmp_path / "out.jsonl").read_text(), list(tmp_path.glob("*.part"))) == (1, "older", [])
    assert "blank" in said


@pytest.mark.parametrize("content", ["", "[]", "[1]", "{x", '{"colour": "red"}'])
def test_what_holds_no_row_of_any_kind_is_refused_in_a_sentence(typed, tmp_path, content):
    (tmp_path / "rows.json").write_text(content)
    code, _, complaint = typed("--input-file", tmp_path / "rows.json", "--output-path", tmp_path / "out.jsonl")
    assert (code, complaint.startswith("CommandError: ")) == (1, True)
    assert not (tmp_path / "out.jsonl").exists()


def test_nothing_is_changed_without_cleaning_and_doubts_can_drop(typed, tmp_path):
    rows = [{"instruction": "Describe the following picture.", "input": "none", "output": LONG + "  "}]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    arguments = ("--input-file", tmp_path / "rows.json", "--output-path", tmp_path / "out.jsonl")
    assert typed(*arguments, "--no-cleaning")[0] == 0
    assert rows_of(tmp_path / "out.jsonl") == rows
    assert typed(*arguments, "--drop", "missing_reference")[0] == 1
