"""`manage.py check_contamination`: which rows of a file repeat evaluation texts, with line, item and words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generation.management.commands.check_contamination import Command
from tests.commands import run_command

LAW = "A tenant who leaves before the end of the lease owes the rent until a new tenant moves in or the lease ends"
LAW_ZH = "租客在租约到期之前搬走的，应当支付租金直到新的租客入住或者租约到期为止"
CLEAN = {"instruction": "Name a river.", "output": "The Rhine."}


def written(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(capsys: Any, *arguments: object) -> tuple[int, str, str]:
    return run_command(Command(), "check_contamination", *arguments, capsys=capsys)


@pytest.fixture
def exam(tmp_path: Path) -> Path:
    return written(tmp_path / "exam.jsonl", {"question": "Who pays?", "answer": LAW}, {"question": LAW_ZH})


def test_a_row_that_repeats_a_text_is_named_with_its_line_the_item_and_the_words(
    exam: Path, tmp_path: Path, capsys: Any
) -> None:
    rows = written(
        tmp_path / "rows.jsonl", CLEAN, {"instruction": "Explain.", "output": f"So: {LAW}."},
        {"instruction": "解释", "output": f"规定：{LAW_ZH}。"},
    )  # fmt: skip
    code, said, complaint = run(capsys, "--input-file", rows, "--evaluation-file", exam)
    assert code == 1
    assert said.splitlines() == [
        "line 2 repeats 92% of exam.jsonl 1",
        "  output: So: ⟪" + LAW + "⟫.",
        "  evaluation text: Who pays?↵⟪" + LAW + "⟫",
        "line 3 repeats 100% of exam.jsonl 2",
        "  output: 规定：⟪" + LAW_ZH + "⟫。",
        "  evaluation text: ⟪" + LAW_ZH + "⟫",
        "exam.jsonl: 2 of 2 texts are repeated, by 2 of 3 rows",
    ]
    assert "2 rows repeat evaluation texts." in complaint


def test_a_clean_file_ends_well(exam: Path, tmp_path: Path, capsys: Any) -> None:
    rows = written(tmp_path / "rows.jsonl", CLEAN)
    code, said, _complaint = run(capsys, "--input-file", rows, "--evaluation-file", exam)
    assert (code, said) == (0, "exam.jsonl: 0 of 2 texts are repeated, by 0 of 1 rows\n")


def test_the_rule_can_be_chosen(exam: Path, tmp_path: Path, capsys: Any) -> None:
    """Of the 25 words of the item twelve in a row, then a word of its own, then eight."""
    told = LAW.split()
    row = {"instruction": "Explain.", "output": " ".join([*told[:12], "landlord", *told[12:20]])}
    rows = written(tmp_path / "rows.jsonl", row)
    for preset, expected in (("thirteen_words", 0), ("eight_words", 1), ("ten_words", 1)):
        code, _, _ = run(capsys, "--input-file", rows, "--evaluation-file", exam, "--preset", preset)
        assert code == expected, preset
    assert run(capsys, "--input-file", rows, "--evaluation-file", exam, "--preset", "all")[0] == 2


def test_several_files_counts_for_a_program_and_every_hit_in_a_file(exam: Path, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "other").mkdir()
    other = written(tmp_path / "other" / "exam.jsonl", {"instruction": "Name a river.", "output": "The Rhine."})
    rows = written(tmp_path / "rows.jsonl", CLEAN, {"instruction": "x", "output": LAW})
    code, said, _ = run(
        capsys, "--input-file", rows, "--evaluation-file", exam, "--evaluation-file", other, "--json",
        "--findings", tmp_path / "hits.jsonl",
    )  # fmt: skip
    told = json.loads(said)
    assert (code, told["rows"], told["unread"], told["preset"]) == (1, 2, 0, "thirteen_words")
    assert {name: each["rows"] for name, each in told["sets"].items()} == {"exam.jsonl": 1, str(other): 1}
    hits = [json.loads(line) for line in (tmp_path / "hits.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(hit["line"], hit["set"], hit["item"], hit["exact"]) for hit in hits] == [
        (1, str(other), 1, True), (2, "exam.jsonl", 1, False),
    ]  # fmt: skip
    assert hits[1]["evaluation_text"] == f"Who pays?\n{LAW}"
    assert hits[1]["text"] == LAW


def test_rows_that_cannot_be_read_are_named_on_either_side_and_are_no_clean_end(tmp_path: Path, capsys: Any) -> None:
    exam = written(tmp_path / "exam.jsonl", {"question": LAW}, '{"question": "broken')
    rows = written(tmp_path / "rows.jsonl", CLEAN, '{"instruction": ')
    code, _, complaint = run(capsys, "--input-file", rows, "--evaluation-file", exam)
    assert code == 1
    assert "exam.jsonl: line 2" in complaint
    assert "rows.jsonl: line 2" in complaint
    assert "2 rows could not be read." in complaint


@pytest.mark.parametrize("broken", [b"", b"\x00\x01\xff", b'{"a": 1}\n'], ids=["empty", "bytes", "no text"])
def test_an_evaluation_file_that_gives_nothing_is_refused(tmp_path: Path, capsys: Any, broken: bytes) -> None:
    (tmp_path / "exam.jsonl").write_bytes(broken)
    rows = written(tmp_path / "rows.jsonl", CLEAN)
    code, said, complaint = run(capsys, "--input-file", rows, "--evaluation-file", tmp_path / "exam.jsonl")
    assert (code, said) == (1, "")
    assert "exam.jsonl" in complaint


def test_of_a_row_the_field_is_shown_that_repeats_most(exam: Path, tmp_path: Path, capsys: Any) -> None:
    rows = written(tmp_path / "rows.jsonl", {"instruction": "Who pays?", "output": LAW})
    _, said, _ = run(capsys, "--input-file", rows, "--evaluation-file", exam)
    assert said.splitlines()[:2] == ["line 1 repeats 100% of exam.jsonl 1", f"  output: ⟪{LAW}⟫"]


def test_what_is_hidden_does_not_speak_to_the_terminal(tmp_path: Path, capsys: Any) -> None:
    words = LAW.replace("tenant", "ten\u200bant\x1b[31m")
    exam = written(tmp_path / "exam.jsonl", {"question": words})
    rows = written(tmp_path / "rows.jsonl", {"instruction": "x", "output": words})
    code, said, _ = run(capsys, "--input-file", rows, "--evaluation-file", exam)
    assert code == 1
    assert "\x1b" not in said
    assert "\u200b" not in said
