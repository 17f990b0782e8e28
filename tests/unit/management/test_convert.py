"""`manage.py convert` as it is typed."""

from __future__ import annotations

import gzip
import json

import pytest

from generation.management.commands.convert import Command
from generation.samples import sample_path
from tests.commands import run_command


@pytest.fixture
def typed(capsys):
    def run(*arguments: object) -> tuple[int, str, str]:
        return run_command(Command(), "convert", *arguments, capsys=capsys)

    return run


def rows_of(path) -> list[dict]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(content) if content[:1] == b"[" else [json.loads(line) for line in content.splitlines()]


@pytest.mark.parametrize(
    ("name", "to", "back", "suffix"),
    [
        ("sample_conversation_data.json", "openai_messages", "sharegpt", "jsonl"),
        ("alpaca_demo.jsonl", "alpaca", "alpaca", "csv"),
        ("alpaca_demo.jsonl", "alpaca", "alpaca", "parquet"),
        ("sample_kto_data.json", "llama_factory_kto", "kto", "json"),
        ("sample_preference_data.json", "openai_preference", "preference", "jsonl.gz"),
    ],
)
def test_000_28_there_and_back_again_gives_the_same_rows(typed, tmp_path, name, to, back, suffix):
    there, again = tmp_path / f"there.{suffix}", tmp_path / "again.json"
    assert typed(sample_path(name), there, "--to", to)[0] == 0
    assert typed(there, again, "--to", back, "--from", to)[0] == 0
    assert rows_of(again) == rows_of(sample_path(name))


def test_the_layout_is_told_by_the_name_or_the_option(typed, tmp_path):
    source = sample_path("alpaca_demo.jsonl")
    for name, options, begin in (
        ("a.json", (), b"["),
        ("b.csv", (), b"instruction,input,output\r\n"),
        ("c.data", (), b"{"),
        ("d.data", ("--layout", "tsv"), b"instruction\tinput\toutput\r\n"),
        ("e.jsonl.gz", (), b"\x1f\x8b"),
        ("f.parquet", (), b"PAR1"),
    ):
        assert typed(source, tmp_path / name, "--to", "alpaca", *options)[0] == 0
        assert (tmp_path / name).read_bytes().startswith(begin), name


def test_pairs_become_feedback_and_what_is_lost_is_said(typed, tmp_path):
    code, said, complaint = typed(sample_path("sample_preference_data.json"), tmp_path / "kto.jsonl", "--to", "kto")
    assert (code, "32 rows written" in said, "Not kept on the way" in complaint) == (0, True, True)
    assert [row["label"] for row in rows_of(tmp_path / "kto.jsonl")] == [True, False] * 16


def test_conversations_become_text_through_a_template(typed, tmp_path):
    source = sample_path("sample_conversation_data.json")
    assert typed(source, tmp_path / "text.jsonl", "--to", "text", "--template", "chatml")[0] == 0
    first = rows_of(tmp_path / "text.jsonl")[0]["text"]
    assert first.startswith("<|im_start|>system\nYou help the visitors of a small town's library.<|im_end|>\n")


def test_rows_that_do_not_fit_are_left_out_and_the_exit_code_says_so(typed, tmp_path):
    sound = {"messages": [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}]}
    call = {"id": "c1", "type": "function", "function": {"name": "clock", "arguments": "{}"}}
    tools = {"messages": [
        {"role": "user", "content": "What time is it?"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "noon", "tool_call_id": "c1"},
        {"role": "assistant", "content": "It is noon."},
    ]}  # fmt: skip
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(row) for row in (sound, tools)) + "\n{broken\n")
    arguments = (tmp_path / "rows.jsonl", tmp_path / "out.jsonl", "--to", "alpaca", "--from", "openai_messages")
    code, said, complaint = typed(*arguments)
    assert (code, "1 rows written" in said) == (3, True)
    assert "line 2: The target format has no place for this part of the row." in complaint
    assert "line 3: This is not valid JSON." in complaint
    assert typed(*arguments, "--drop-tools")[0] == 3
    assert len(rows_of(tmp_path / "out.jsonl")) == 2


def test_an_impossible_way_or_an_unfit_layout_is_refused_before_anything_is_written(typed, tmp_path):
    source, target = sample_path("alpaca_demo.jsonl"), tmp_path / "out.csv"
    for options, words in (
        (("--to", "kto", "--layout", "json"), "cannot become"),
        (("--to", "sharegpt"), "is written as"),
    ):
        code, _, complaint = typed(source, target, *options)
        assert (code, words in complaint, list(tmp_path.iterdir())) == (1, True, [])
    assert typed(source, target, "--to", "dance")[0] == 2
    code, _, complaint = typed(source, target, "--to", "shargpt")
    assert (code, "Did you mean: sharegpt" in complaint) == (2, True)


def test_an_older_file_stays_when_no_row_comes_through(typed, tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"instruction": "a", "output": 1}\n')
    (tmp_path / "out.jsonl").write_text("older")
    code, _, _ = typed(tmp_path / "rows.jsonl", tmp_path / "out.jsonl", "--to", "sharegpt", "--from", "alpaca")
    assert (code, (tmp_path / "out.jsonl").read_text(), list(tmp_path.glob("*.part"))) == (1, "older", [])
