"""`manage.py construct_fewshot` as it is typed."""

from __future__ import annotations

import json

import pytest

from generation import formats
from generation.formats import format_named
from generation.management.commands.construct_fewshot import Command
from generation.samples import sample_path
from generation.types import Example


@pytest.fixture
def typed(capsys):
    """Runs the command line and returns its exit code, what it said and what it complained of."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = 0
        try:
            Command().run_from_argv(["manage.py", "construct_fewshot", *map(str, arguments)])
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_000_08_the_sample_becomes_json_lines_and_the_exit_code_is_zero(typed, tmp_path):
    target = tmp_path / "new" / "fewshot.jsonl"
    code, said, _ = typed(
        "--input-file", sample_path("sentiment_demo.json"), "--task-type", "sentiment", "--output-path", target
    )
    assert (code, "28" in said) == (0, True)
    with target.open("rb") as file:
        rows = [row for _, row in formats.read(file, chosen=format_named("alpaca"))]
    assert len(rows) == 28
    assert all(isinstance(row, Example) for row in rows)


def test_000_08_an_unknown_task_type_fails_and_lists_the_choices(typed, tmp_path):
    code, _, complaint = typed("--input-file", "x", "--task-type", "mood", "--output-path", tmp_path / "out")
    assert code != 0
    assert all(kind in complaint for kind in ("sentiment", "classification", "qa", "translate", "custom"))


def test_000_08_a_missing_file_fails_and_is_named(typed, tmp_path):
    code, _, complaint = typed(
        "--input-file", tmp_path / "none.json", "--task-type", "qa", "--output-path", tmp_path / "out"
    )
    assert code != 0
    assert "none.json" in complaint
    assert not (tmp_path / "out").exists()


def test_rows_that_cannot_be_used_are_named_with_their_line(typed, tmp_path):
    source = tmp_path / "rows.jsonl"
    rows = [
        '{"sentence": "Fine.", "label": 1}',
        '{"sentence": "Bad.", "label": 7}',
        "{broken",
        '{"sentence": "Poor.", "label": 0}',
    ]
    source.write_text("\n".join(rows))
    code, said, complaint = typed(
        "--input-file", source, "--task-type", "sentiment", "--output-path", tmp_path / "out.jsonl"
    )
    assert (code, "2 " in said) == (0, True)
    assert "line 2" in complaint
    assert "(7)" in complaint
    assert "line 3" in complaint


def test_an_older_file_stays_when_no_row_can_be_used(typed, tmp_path):
    source, target = tmp_path / "rows.csv", tmp_path / "out.jsonl"
    source.write_text("colour\nred\n")
    target.write_text("older")
    code, _, _ = typed("--input-file", source, "--task-type", "sentiment", "--output-path", target)
    assert (code, target.read_text(), list(tmp_path.glob("*.part"))) == (1, "older", [])


def test_000_07_a_type_of_ones_own_is_chosen_with_a_template_file(typed, tmp_path):
    (tmp_path / "parts.csv").write_text("part,price\nbolt,0.10\ngear,4.90\n")
    (tmp_path / "template.txt").write_text("Say the price.\n\n{{ examples }}\n\nPart: {{ part }}\nPrice:")
    arguments = [
        "--input-file",
        tmp_path / "parts.csv",
        "--task-type",
        "custom",
        "--output-path",
        tmp_path / "out.jsonl",
    ]
    assert typed(*arguments)[0] == 1
    assert typed(*arguments, "--template", tmp_path / "template.txt", "--custom-answer", "price")[0] == 0
    first = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])
    assert first["instruction"].endswith("Part: bolt\nPrice:")
    assert first["output"] == "0.10"


def test_the_seed_decides_the_outcome(typed, tmp_path):
    outcomes = []
    for seed in (1, 1, 2):
        target = tmp_path / "out.jsonl"
        arguments = ["--input-file", sample_path("sentiment_demo.json"), "--task-type", "sentiment"]
        typed(*arguments, "--output-path", target, "--seed", seed)
        outcomes.append(target.read_bytes())
    assert outcomes[0] == outcomes[1] != outcomes[2]


def test_the_language_is_that_of_the_rows_unless_it_is_given(typed, tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"句子": "很好吃。", "标签": "积极"}\n{"句子": "太慢了。", "标签": "消极"}\n')
    arguments = ["--input-file", tmp_path / "rows.jsonl", "--task-type", "sentiment", "--output-path", tmp_path / "out"]
    typed(*arguments)
    assert "示例：" in (tmp_path / "out").read_text()
    typed(*arguments, "--language", "en")
    assert "Example:" in (tmp_path / "out").read_text()


def test_rows_that_share_a_line_are_examples_for_each_other(typed, tmp_path):
    """As `json.dump` writes them: a whole array on its first line."""
    source, target = tmp_path / "rows.json", tmp_path / "out.jsonl"
    rows = json.loads(sample_path("sentiment_demo.json").read_text(encoding="utf-8"))
    source.write_text(json.dumps(rows))
    typed("--input-file", source, "--task-type", "sentiment", "--output-path", target)
    made = [json.loads(line)["instruction"] for line in target.read_text(encoding="utf-8").splitlines()]
    assert (len(made), sum("Example" in text for text in made)) == (28, 28)
