"""`manage.py validate`: exit code 0 when every row is sound, a count and the bad rows otherwise."""

from __future__ import annotations

import gzip
import json

import pytest

from generation.management.commands.validate import Command
from generation.samples import TRAINING_ROWS, sample_path
from tests.commands import run_command

SOUND = {"instruction": "Name three rivers.", "input": "", "output": "The Nile, the Po and the Seine."}


@pytest.fixture
def typed(capsys):
    def run(*arguments: object) -> tuple[int, str, str]:
        return run_command(Command(), "validate", *arguments, capsys=capsys)

    return run


@pytest.mark.parametrize("name", TRAINING_ROWS)
def test_every_shipped_sample_is_sound(typed, name):
    code, said, complaint = typed(sample_path(name))
    assert (code, complaint) == (0, "")
    assert ", 0 at fault, 0 with warnings" in said


def test_bad_rows_are_named_with_their_lines_and_counted(typed, tmp_path):
    rows = [SOUND, SOUND | {"output": ""}, SOUND, SOUND | {"instruction": 7}, SOUND | {"output": "short"}]
    (tmp_path / "rows.jsonl").write_text("\n".join([json.dumps(row) for row in rows] + ["{broken"]))
    code, said, complaint = typed(tmp_path / "rows.jsonl")
    assert code == 1
    assert "line 2: The text is blank. (output)" in said
    assert "line 4: This must be a text. (instruction" in said
    assert "line 6: This is not valid JSON." in said
    assert "Alpaca, 6 rows, 3 sound, 3 at fault, 2 with warnings" in said
    assert "3 of 6 rows are at fault." in complaint


def test_a_program_gets_every_fault_as_json(typed, tmp_path):
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(SOUND | {"output": ""}) for _ in range(120)))
    code, said, _ = typed(tmp_path / "rows.jsonl", "--json")
    told = json.loads(said)
    assert (code, told["format"], told["rows"], told["bad"], len(told["faults"])) == (1, "alpaca", 120, 120, 240)
    assert told["faults"][0] == {
        "line": 1, "code": "blank", "path": "output", "message": "", "excerpt": "", "severity": "error"
    }  # fmt: skip


def test_only_so_many_faults_are_printed(typed, tmp_path):
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps(SOUND | {"output": "short"}) for _ in range(60)))
    code, said, _ = typed(tmp_path / "rows.jsonl")
    assert (code, said.count("warning: line"), "... and 10 more" in said) == (0, 50, True)
    assert "warning: line" not in typed(tmp_path / "rows.jsonl", "--quiet")[1]


def test_a_packed_table_is_as_good(typed, tmp_path):
    table = 'instruction,input,output\nName three rivers.,,"The Nile, the Po and the Seine."\n'
    (tmp_path / "rows.csv.gz").write_bytes(gzip.compress(table.encode()))
    assert typed(tmp_path / "rows.csv.gz")[0] == 0


def test_a_format_may_be_forced_and_comments_allowed(typed, tmp_path):
    (tmp_path / "rows.json").write_text('[{"prompt": "Is it?", "completion": "It is.", "label": true} // thumbs up\n]')
    assert typed(tmp_path / "rows.json")[0] == 1
    assert typed(tmp_path / "rows.json", "--comments")[0] == 0
    code, said, _ = typed(tmp_path / "rows.json", "--comments", "--format", "sharegpt")
    assert (code, "ShareGPT, 1 rows, 0 sound, 1 at fault" in said) == (1, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "empty"), ('{"colour": "red"}', "colour"), ("{x", "ends inside this row"), ("[]", "no row")],
)
def test_what_is_no_training_data_is_refused_in_a_sentence(typed, tmp_path, content, words):
    (tmp_path / "rows.json").write_text(content)
    code, _, complaint = typed(tmp_path / "rows.json")
    assert (code, words in complaint) == (1, True)
    assert typed(tmp_path / "none.json")[0] == 1


def test_a_chinese_terminal_is_answered_in_chinese(typed, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (tmp_path / "rows.jsonl").write_text(json.dumps(SOUND) + "\n")
    assert "共 1 行，1 行合格" in typed(tmp_path / "rows.jsonl")[1]
