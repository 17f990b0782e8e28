"""`manage.py quality_report`: the same report over a file, with lines for ids."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

ROWS = [
    {"instruction": "Where do bees live?", "output": "As an AI language model, I cannot answer that question."},
    {"instruction": "蜜蜂住在哪里？", "output": "作为一个人工智能语言模型，我无法回答这个问题。"},
    {"instruction": "Name the river that flows through Paris and the two that meet at Lyon, one after another, please.",
     "output": "The Seine flows through Paris; the Rhône and the Saône meet at Lyon."},
    {"instruction": "<script>alert(1)</script> & co", "output": "A tag that does nothing, written out in a sentence."},
]  # fmt: skip


def written(path: Path, rows: object) -> Path:
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_file_is_measured_and_its_lines_are_named(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    held = written(tmp_path / "test.json", [ROWS[2]])
    said, told, page = StringIO(), tmp_path / "r.json", tmp_path / "r.html"
    call_command(
        "quality_report", "--input-file", str(file), "--evaluation-file", str(held), "--json", str(told),
        "--html", str(page), stdout=said,
    )  # fmt: skip
    report = json.loads(told.read_text(encoding="utf-8"))
    assert report["rows"] == 4
    assert report["rows_of_findings"]["check.refusal"] == [1, 2]
    assert report["rows_of_findings"]["contaminated"] == [3]
    assert "The model refused" in said.getvalue()
    assert "row 1, Output: ⟪As an AI language model" in said.getvalue()
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html
    assert "Repeats evaluation texts" in html
    assert "<mark>As an AI language model" in html
    assert "<mark>作为一个人工智能语言模型" in html


def test_rows_of_a_printed_array_are_counted_and_their_lines_are_told(tmp_path: Path) -> None:
    file, said, told = tmp_path / "rows.json", StringIO(), tmp_path / "r.json"
    file.write_text(json.dumps([ROWS[2], *ROWS[:2]], ensure_ascii=False, indent=2), encoding="utf-8")
    call_command("quality_report", "--input-file", str(file), "--json", str(told), stdout=said)
    report = json.loads(told.read_text(encoding="utf-8"))
    assert report["rows_of_findings"]["check.refusal"] == [2, 3]
    assert report["lines"]["check.refusal"] == [6, 10]
    assert "row 2 (line 6), Output: ⟪As an AI language model" in said.getvalue()
    file.write_text(json.dumps([ROWS[2], *ROWS[:2]], ensure_ascii=False), encoding="utf-8")
    call_command("quality_report", "--input-file", str(file), "--json", str(told), stdout=said)
    assert json.loads(told.read_text(encoding="utf-8"))["rows_of_findings"]["check.refusal"] == [2, 3]


def test_hostile_rows_neither_speak_to_the_terminal_nor_run_in_the_file(tmp_path: Path) -> None:
    file, said, page = tmp_path / "rows.jsonl", StringIO(), tmp_path / "r.html"
    row = {"instruction": "<img src=x onerror=alert(3)>", "output": "As an AI language model, I \u202ecannot do that."}
    file.write_text(json.dumps(row) + "\n", encoding="utf-8")
    call_command("quality_report", "--input-file", str(file), "--html", str(page), stdout=said)
    assert "\u202e" not in said.getvalue()
    html = page.read_text(encoding="utf-8")
    assert "<img" not in html
    assert "alert(3)" in html


def test_settings_are_options_and_what_does_not_fit_is_refused(tmp_path: Path) -> None:
    file, told = tmp_path / "rows.jsonl", tmp_path / "r.json"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    call_command(
        "quality_report", "--input-file", str(file), "--json", str(told), "--near-duplicates", "0.6",
        "--output-least", "60", "--profile", "general", stdout=StringIO(),
    )  # fmt: skip
    report = json.loads(told.read_text(encoding="utf-8"))
    assert report["settings"] == {"near_duplicates": 0.6, "output_least": 60, "profile": "general"}
    assert report["sections"]["duplicates"]["settings"]["threshold"] == 0.6
    assert report["rows_of_findings"]["check.output_size"] == [1, 2, 4]
    for wrong in (["--near-duplicates", "0.2"], ["--profile", "unheard_of"], ["--output-least", "9000"]):
        with pytest.raises(CommandError):
            call_command("quality_report", "--input-file", str(file), *wrong, stdout=StringIO())


def test_a_file_without_rows_is_refused_and_bad_rows_are_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("quality_report", "--input-file", str(written(tmp_path / "empty.json", [])))
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text(json.dumps(ROWS[0]) + "\n" + json.dumps({"instruction": 7}) + "\n", encoding="utf-8")
    errors = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("quality_report", "--input-file", str(mixed), stderr=errors)
    assert refused.value.returncode == 3
    assert "line 2" in errors.getvalue()


def test_rows_that_say_the_same_in_other_words_are_found_with_a_model_for_vectors(tmp_path):
    import numpy as np

    words = {"big": (1, 0, 0), "large": (0.99, 0.1, 0), "dogs": (0, 1, 0), "hounds": (0.1, 0.99, 0), "bark": (0, 0, 1)}
    np.savez(tmp_path / "words.npz", tokens=np.array(list(words)), vectors=np.array(list(words.values()), np.float32))
    rows = [("Big dogs bark", "Dogs bark big"), ("Large hounds bark", "Hounds bark large"), ("Bark", "Bark bark bark")]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps({"instruction": one, "output": other}) + "\n" for one, other in rows), "utf-8")
    told = tmp_path / "told.json"
    model = str(tmp_path / "words.npz")
    common = ["quality_report", "--input-file", str(file), "--json", str(told), "--vectors", model]
    call_command(*common, stdout=StringIO())
    assert json.loads(told.read_text("utf-8"))["rows_of_findings"]["semantic_duplicates"] == [2]
    call_command(*common, "--semantic-epsilon", "0.0001", stdout=StringIO())
    assert json.loads(told.read_text("utf-8"))["rows_of_findings"]["semantic_duplicates"] == []
    with pytest.raises(CommandError, match="named"):
        call_command(*common[:-1], str(tmp_path / "none"), stdout=StringIO())


def test_rows_of_an_evaluation_file_that_cannot_be_read_are_named(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    held = tmp_path / "test.jsonl"
    held.write_text(json.dumps(ROWS[2]) + "\nno json\n" + json.dumps(ROWS[0]) + "\n", encoding="utf-8")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 rows could not be read") as ended:
        call_command(
            "quality_report", "--input-file", str(file), "--evaluation-file", str(held), stdout=StringIO(),
            stderr=errors,
        )  # fmt: skip
    assert ended.value.returncode == 3
    assert "test.jsonl: line 2" in errors.getvalue()
