"""The report on what rows say twice: ten rows with everything in them, what stays of each, and both languages."""

from __future__ import annotations

import json

import pytest

from generation.quality.report import Asked, RowFacts
from generation.quality.report.duplicates import Duplicates
from generation.types import Draft, ReportFinding

BREAD = (
    "Bread is made of flour, water, salt and yeast. Mix them, knead the dough for ten minutes and let it rest for an "
    "hour in a warm place. Shape a loaf, let it rise again and bake it for forty minutes until the crust sounds hollow."
)
BREAD_ZH = (
    "做面包需要面粉、水、盐和酵母。先把它们混合，揉面十分钟，然后在温暖的地方发酵一小时。"
    "把面团整形，再次发酵，烤四十分钟，直到敲外皮时声音发空。"
)


def section(*rows: tuple[str, str, str] | RowFacts, **settings: float) -> Duplicates:
    """The section after these rows (instruction, input, output), with ids 101, 102 ..."""
    made = Duplicates(Asked(settings=settings))
    for number, row in enumerate(rows, 101):
        if not isinstance(row, RowFacts):
            row = RowFacts(number, Draft("sample", row[0], row[1], row[2]))
        made.see(row)
    return made


def found(made: Duplicates) -> dict[str, ReportFinding]:
    return {each.code: each for each in made.findings()}


TEN = (
    ("How do I bake bread?", "", BREAD),
    ("Name the longest river of Africa", "", "The Nile"),
    ("怎样做面包？", "", BREAD_ZH),
    ("How do I bake bread?", "", BREAD.replace("forty", "about forty")),
    ("name the longest river of Africa ", "", "the Nile"),
    ("Name the longest river of Europe", "", "The Volga"),
    ("中国的首都是哪里？", "", "北京"),
    ("请问中国的首都是哪里", "", "上海"),
    ("写一首关于秋天的诗", "", "秋风起，叶落满地。"),
    ("Translate", "cat", "Katze"),
)


def test_004_24_of_ten_rows_the_exact_and_the_near_duplicate_and_the_conflict_are_found_and_nothing_else():
    told = found(section(*TEN))
    assert {code: list(each.rows) for code, each in told.items()} == {
        "exact_duplicates": [105], "near_duplicates": [104], "redundant_answers": [], "conflicts": [107, 108],
    }  # fmt: skip
    assert told["conflicts"].remedies == ("settle", "review")
    assert told["exact_duplicates"].remedies == ("drop",)
    assert [each.level for each in told.values()] == ["warn", "warn", "ok", "note"]


def test_figures_and_examples_are_plain_json_and_say_which_rows_and_how_they_begin():
    told = json.loads(json.dumps(section(*TEN).told()))
    assert told["rows"] == 10
    assert told["exact"] == {
        "instruction": {"groups": 2, "rows": 2}, "prompt": {"groups": 2, "rows": 2}, "row": {"groups": 1, "rows": 1},
    }  # fmt: skip
    assert {key: told["near"][key] for key in ("groups", "rows")} == {"groups": 1, "rows": 1}
    assert told["near"]["sizes"][0] == ["2", 1]
    assert told["conflicts"] == {"groups": 1, "rows": 2, "same_prompt": 0}
    assert [(each["kind"], each["ids"]) for each in told["examples"]] == [
        ("conflict", [107, 108]), ("near", [101, 104]), ("exact", [102, 105]),
    ]  # fmt: skip
    assert told["examples"][0]["texts"] == [
        {"prompt": "中国的首都是哪里？", "output": "北京"}, {"prompt": "请问中国的首都是哪里", "output": "上海"},
    ]  # fmt: skip
    assert all(len(text["output"]) <= 80 for each in told["examples"] for text in each["texts"])


@pytest.mark.parametrize(
    ("prompt", "one", "other"),
    [
        ("Why is the sky blue?", "Because air scatters blue light more than red light.",
         "Air scatters blue light much more than it scatters red light, so we see blue."),
        ("天空为什么是蓝色的？", "因为空气对蓝光的散射比红光强。", "空气散射蓝光比散射红光更强，所以我们看到蓝色。"),
    ],
)  # fmt: skip
def test_of_redundant_answers_the_one_that_a_person_saw_stays_and_then_the_best_scored(prompt, one, other):
    def row(id: int, output: str, **more) -> RowFacts:
        return RowFacts(id, Draft("sample", prompt, "", output), **more)

    first, best = row(1, one, scores={"judge": 2.0}), row(2, other, scores={"judge": 4.5})
    assert found(section(first, best))["redundant_answers"].rows == [1]
    seen = row(1, one, scores={"judge": 2.0}, reviewed=True)
    assert found(section(seen, best))["redundant_answers"].rows == [2]
    assert found(section(row(1, one), row(2, other)))["redundant_answers"].rows == [2]


def test_one_passage_with_two_questions_is_no_near_duplicate():
    asked = f"{BREAD} {BREAD}\nQuestion: how long does it"
    made = section(("Answer", f"{asked} bake?", "Forty minutes"), ("Answer", f"{asked} rest?", "One hour"))
    assert [len(each.rows) for each in made.findings()] == [0, 0, 0, 0]
    asked = f"{BREAD_ZH}{BREAD_ZH}问题：需要"
    made = section(("回答", f"{asked}烤多久？", "四十分钟"), ("回答", f"{asked}发酵多久？", "一小时"))
    assert [len(each.rows) for each in made.findings()] == [0, 0, 0, 0]


def test_two_labels_for_one_text_are_a_conflict_though_the_rows_are_nearly_the_same():
    def row(id: int, output: str) -> RowFacts:
        return RowFacts(id, Draft("sample", "Does it follow?", BREAD, output, task_type="classification"))

    told = found(section(row(1, "entailed"), row(2, "not entailed"), row(3, "entailed")))
    assert told["conflicts"].rows == [1, 2]
    assert told["conflicts"].level == "warn"
    assert told["exact_duplicates"].rows == [3]
    assert not told["near_duplicates"].rows


def test_answers_to_be_compared_are_meant_to_differ():
    rows = [RowFacts(n, Draft("answer", "Name a colour", "", text)) for n, text in enumerate(("Red", "Blue"), 1)]
    assert found(section(*rows))["conflicts"].rows == []


def test_rows_kept_for_evaluation_are_not_counted():
    row = RowFacts(2, Draft("sample", *TEN[0]), evaluation=True)
    made = section(RowFacts(1, Draft("sample", *TEN[0])), row)
    assert made.told()["rows"] == 1


def test_the_threshold_can_be_set():
    rows = (("How do I bake bread?", "", BREAD), ("How do I bake bread?", "", f"{BREAD} Enjoy it."))
    assert found(section(*rows))["near_duplicates"].rows == [102]
    assert found(section(*rows, **{"near_duplicates.threshold": 0.98}))["near_duplicates"].rows == []


def test_earlier_turns_and_the_system_text_are_part_of_the_question():
    def row(id: int, turn: str, system: str = "") -> RowFacts:
        return RowFacts(id, Draft("sample", "Go on", "", f"Answer {id} of many", system, ((turn, "Yes."),)))

    told = found(section(row(1, "Tell of lions"), row(2, "Tell of tigers"), row(3, "Tell of lions", "Be brief")))
    assert [len(each.rows) for each in told.values()] == [0, 0, 0, 0]


def test_a_set_without_rows_has_no_findings_and_plain_figures():
    made = section()
    assert made.findings() == []
    assert made.told()["examples"] == []


def test_what_no_file_can_hold_is_read_all_the_same():
    made = section(("lone \ud800", "", "\ud800"), ("lone \ud800", "", "\ud800"), ("\x00", "", "\x00"), ("", "", ""))
    assert found(made)["exact_duplicates"].rows == [102]
    json.dumps(made.told())
