"""The report on rows that repeat evaluation texts."""

from __future__ import annotations

import json

from generation.quality.report import Asked, HeldOut, RowFacts
from generation.quality.report.contamination import Contaminated
from generation.types import Draft

LAW = "A tenant who leaves before the end of the lease owes the rent until a new tenant moves in or the lease ends"
LAW_ZH = "租客在租约到期之前搬走的，应当支付租金直到新的租客入住或者租约到期为止，另有约定的除外"


def measured(*drafts: Draft, texts: tuple[str, ...] = (LAW, LAW_ZH, "Is it so?"), **settings: str) -> Contaminated:
    held = (HeldOut("law exam", texts),) if texts else ()
    made = Contaminated(Asked(held_out=held, settings=settings))
    for number, draft in enumerate(drafts, 1):
        made.see(RowFacts(number, draft, evaluation=draft.evaluation))
    return made


def test_rows_that_repeat_an_item_come_the_most_complete_first():
    made = measured(
        Draft("sample", "Explain", output=f"Note: {LAW[:70]}"), Draft("sample", "Name a river", output="The Rhine"),
        Draft("sample", "解释", output=f"规定是：{LAW_ZH}。"),
    )  # fmt: skip
    (finding,) = made.findings()
    assert (finding.code, finding.level, finding.rows, finding.hits) == ("contaminated", "warn", [3, 1], 2)
    assert finding.remedies == ("drop", "review")
    assert finding.detail == {"sets": ["law exam"], "preset": "thirteen_words"}
    told = json.loads(json.dumps(made.told()))
    assert told["sets"] == [
        {"name": "law exam", "items": 3, "hits": 2, "rows": 2, "unjudged": 0, "share": 0.666667, "contaminated": True}
    ]
    example = told["examples"][0]
    assert (example["row"], example["item"], example["spans"]) == (3, 1, [["output", 4, 4 + len(LAW_ZH)]])
    assert example["text"] == LAW_ZH


def test_a_clean_set_is_said_to_be_clean():
    (finding,) = measured(Draft("sample", "Name a river", output="The Rhine")).findings()
    assert (finding.level, finding.value, finding.rows, finding.remedies) == ("ok", 0.0, [], ())


def test_the_rule_can_be_chosen():
    half = Draft("sample", "Explain", output=LAW[:60])
    assert measured(half, **{"contamination.preset": "eight_words"}).findings()[0].rows == [1]
    assert measured(half, **{"contamination.preset": "thirteen_words"}).findings()[0].rows == []


def test_rows_kept_for_evaluation_are_no_contamination():
    assert measured(Draft("sample", "x", output=LAW, evaluation=True)).findings() == []


def test_without_anything_held_out_nothing_is_said():
    made = measured(Draft("sample", "x", output=LAW), texts=())
    assert made.findings() == []
    assert made.told()["sets"] == []


def test_earlier_turns_are_read_too():
    made = measured(Draft("sample", "Go on", output="Yes", history=((LAW, "I see."),)))
    assert made.findings()[0].rows == [1]
    assert made.told()["examples"][0]["spans"] == [["turn 1", 0, len(LAW)]]


def test_a_row_of_a_held_out_split_is_no_training_row():
    made = Contaminated(Asked(held_out=(HeldOut("law exam", (LAW,)),)))
    made.see(RowFacts(1, Draft("sample", "x", output=LAW), held_out=True))
    made.see(RowFacts(2, Draft("sample", "Name a river", output="The Rhine")))
    assert [(each.n, each.rows) for each in made.findings()] == [(1, [])]


def test_no_row_is_held_against_the_item_that_was_made_of_it():
    made = Contaminated(Asked(held_out=(HeldOut("test of v1", (LAW,), rows=(1,)),)))
    for row in (1, 2):
        made.see(RowFacts(row, Draft("sample", "x", output=LAW)))
    assert made.findings()[0].rows == [2]


def test_the_row_stands_beside_the_evaluation_text_with_what_both_have_told_apart():
    made = measured(Draft("sample", "Explain", output=f"So: {LAW}."), texts=(f"Q7. {LAW}! Discuss.",))
    assert made.told()["examples"][0]["beside"] == {
        "row": [["output", ["So: ", LAW, "."]]],
        "item": ["Q7. ", LAW, "! Discuss."],
    }


def test_two_files_of_one_name_are_two_sets():
    sets = (HeldOut("test.jsonl", (LAW,)), HeldOut("test.jsonl", (LAW_ZH,)))
    made = Contaminated(Asked(held_out=sets))
    made.see(RowFacts(1, Draft("sample", "x", output=LAW)))
    made.see(RowFacts(2, Draft("sample", "x", output=LAW_ZH)))
    told = made.told()
    assert [(each["name"], each["items"], each["hits"]) for each in told["sets"]] == [
        ("test.jsonl", 1, 1), ("test.jsonl (2)", 1, 1)
    ]  # fmt: skip
