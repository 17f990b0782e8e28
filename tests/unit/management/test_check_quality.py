"""`check_quality`: what is wrong with the rows of a file, where, and how often."""

from __future__ import annotations

import json
from pathlib import Path

from generation.management.commands.check_quality import Command
from tests.commands import run_command

ROWS = [
    {"instruction": "说出欧洲的三条河流的名字。", "output": "多瑙河、莱茵河和维斯瓦河都是欧洲的大河，流经许多国家。"},
    {"instruction": "Name three rivers of Europe.", "output": "I'm sorry, but I can't help with that one."},
    {"instruction": "Name three rivers of Asia.", "output": "Yangtze\u202e, Mekong and Ganges are three."},
    {"instruction": "计算七乘以八等于多少。", "output": "算式是 7 x 8 = 54，所以答案就是五十四，没有别的可能。"},
]  # fmt: skip


def check(folder: Path, capsys, *options: object, rows=ROWS) -> tuple[int, str, str]:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return run_command(Command(), "check_quality", "--input-file", path, *options, capsys=capsys)


def test_each_code_is_told_with_its_share_its_line_and_its_place(tmp_path, capsys):
    code, said, _ = check(tmp_path, capsys)
    assert code == 0
    assert "        1   25.0%  refusal: the model refused\n" in said
    assert "line 2, output: ⟪I'm sorry, but I can't⟫ help with that one." in said
    assert "line 3, output: Yangtze⟪<U+202E>⟫, Mekong and Ganges are …" in said
    assert "line 4, output: 算式是 ⟪7 x 8 = 54⟫，所以答案就是五十四" in said
    assert "4 rows, 1 without any finding, 0 that cannot be read" in said


def test_every_finding_goes_into_a_file_and_the_counts_to_a_program(tmp_path, capsys):
    out = tmp_path / "found.jsonl"
    _, said, _ = check(tmp_path, capsys, "--json", "--findings", out)
    told = json.loads(said)
    assert (told["rows"], told["clean"]) == (4, 1)
    assert {each["code"] for each in told["codes"]} == {"refusal", "hidden_characters", "wrong_arithmetic"}
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["line"], line["code"], line["detail"]["spans"]) for line in lines] == [
        (2, "refusal", [[0, 22]]), (3, "hidden_characters", [[7, 8]]), (4, "wrong_arithmetic", [[4, 14]]),
    ]  # fmt: skip


def test_a_code_that_must_not_be_there_fails(tmp_path, capsys):
    code, _, complaint = check(tmp_path, capsys, "--fail-on", "refusal,empty_output")
    assert (code, "Found: refusal" in complaint) == (1, True)
    assert check(tmp_path, capsys, "--fail-on", "empty_output")[0] == 0
    assert check(tmp_path, capsys, "--fail-on", "any", rows=ROWS[:1])[0] == 0


def test_profile_and_bounds_can_be_named(tmp_path, capsys):
    label = [{"instruction": "这句话是褒义还是贬义？", "input": "他做得真好。", "output": "褒义"}]
    assert "output_size" in check(tmp_path, capsys, rows=label)[1]
    assert "output_size" not in check(tmp_path, capsys, "--profile", "labels", rows=label)[1]
    assert "output_size" not in check(tmp_path, capsys, "--output-least", 2, rows=label)[1]
    assert check(tmp_path, capsys, "--profile", "none")[0] == 2


def test_rows_that_cannot_be_read_are_named_and_fail(tmp_path, capsys):
    code, said, complaint = check(tmp_path, capsys, "--format", "alpaca", rows=[*ROWS, {"instruction": 5}])
    assert (code, "1 that cannot be read" in said, "line 5" in complaint) == (1, True, True)


def test_pairs_conversations_and_texts_are_checked_by_what_is_trained_on(tmp_path, capsys):
    pair = {
        "prompt": "说出欧洲的一条河流。",
        "chosen": "很抱歉，我无法回答这个问题，请换一个问题再试一次。",
        "rejected": "多瑙河",
    }
    assert "line 1, output: ⟪很抱歉，我无法⟫回答" in check(tmp_path, capsys, rows=[pair])[1]
    turns = [{"role": role, "content": text} for role, text in (
        ("user", "Hello there"), ("assistant", "As an AI model I cannot."),
        ("user", "Why?"), ("assistant", "I was told so."),
    )]  # fmt: skip
    assert "line 1, turn 2: ⟪As an AI" in check(tmp_path, capsys, rows=[{"messages": turns}])[1]
    text = [{"text": "多瑙河发源于德国的黑森林，流经许多国家，最后注入黑海。"}]
    assert "1 rows, 1 without any finding" in check(tmp_path, capsys, "--format", "text", rows=text)[1]


def test_bounds_that_contradict_each_other_are_said_in_a_sentence(tmp_path, capsys):
    code, _, complaint = check(tmp_path, capsys, "--output-least", 9, "--output-most", 8)
    assert (code, "The fewest characters are more than the most." in complaint) == (1, True)
