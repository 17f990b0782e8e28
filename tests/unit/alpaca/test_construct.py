"""Records of four kinds become Alpaca rows, and nothing happens to them that the report does not say."""

from __future__ import annotations

import pytest

from generation.alpaca.construct import Report, Settings, construct
from generation.alpaca.conversions import (
    CONVERSIONS,
    AmbiguousConversion,
    UnknownConversion,
    conversion_named,
    detect,
    labels_of,
)
from generation.alpaca.conversions import Settings as Meaning
from generation.types import RowError

LONG = "An answer that is long enough."
MOOD = "Say the mood: Positive or Negative.\n\nExample: Fine. -> Positive\n\nBad. ->"
FEW_SHOT = {"instruction": MOOD, "input": "", "output": "Negative"}
QUESTION = {
    "question": "How wide is the river?",
    "context": "The river is two miles wide.",
    "answer": "It is two miles wide.",
}
LABELLED = {"sentence": "The ferry was late again.", "label": "travel"}
CHAT = {
    "conversations": [
        {"from": "system", "value": "Be brief."},
        {"from": "human", "value": "Name a fish."},
        {"from": "gpt", "value": "Trout."},
        {"from": "human", "value": "And a bird?"},
        {"from": "gpt", "value": "The heron, a wading bird."},
    ]
}
SEED = {"id": "s1", "instruction": "Add the two numbers.", "instances": [
    {"input": "1 and 2", "output": "3"}, {"input": "2 and 5", "output": "7"}], "is_classification": False}  # fmt: skip

CONVERTED = {
    "fewshot_to_alpaca": (FEW_SHOT, [FEW_SHOT]),
    "qa_to_alpaca": (
        QUESTION,
        [{"instruction": QUESTION["question"], "input": QUESTION["context"], "output": QUESTION["answer"]}],
    ),
    "classification_to_alpaca": (
        LABELLED,
        [
            {
                "instruction": "Decide which label fits the text. Answer with the label alone.\nLabels: food, travel",
                "input": LABELLED["sentence"],
                "output": "travel",
            }
        ],
    ),
    "seed_tasks_to_alpaca": (
        SEED,
        [
            {"instruction": "Add the two numbers.", "input": "1 and 2", "output": "3"},
            {"instruction": "Add the two numbers.", "input": "2 and 5", "output": "7"},
        ],
    ),
    "chat_to_alpaca": (
        CHAT,
        [
            {
                "instruction": "And a bird?",
                "input": "",
                "output": "The heron, a wading bird.",
                "system": "Be brief.",
                "history": [["Name a fish.", "Trout."]],
            }
        ],
    ),
}


def constructed(records, conversion="fewshot_to_alpaca", **settings):
    report = Report(conversion)
    chosen = Settings(conversion=conversion, meaning=Meaning(labels=("food", "travel")), **settings)
    told = list(construct(enumerate(records, 1), settings=chosen, report=report))
    return [row for _, row, _ in told if row is not None], [event for *_, events in told for event in events], report


@pytest.mark.parametrize("name", CONVERSIONS)
def test_000_14_each_kind_of_source_is_recognised_and_becomes_alpaca(name):
    source, expected = CONVERTED[name]
    assert detect([source]) == name
    rows, events, report = constructed([source], name)
    assert rows == expected
    assert [event for event in events if event.kind in ("dropped", "changed")] == []
    assert report.read == 1


@pytest.mark.parametrize(
    ("record", "candidates"),
    [
        ({"question": "a", "answer": "b", "text": "c", "label": "d"}, ("qa_to_alpaca", "classification_to_alpaca")),
        ({"instruction": "a", "output": "b", "messages": []}, ("fewshot_to_alpaca", "chat_to_alpaca")),
        ({"colour": "red"}, ()),
    ],
)
def test_000_14_a_doubtful_source_is_refused_and_its_candidates_are_named(record, candidates):
    with pytest.raises(AmbiguousConversion) as refused:
        detect([record])
    assert refused.value.candidates == candidates
    assert refused.value.columns == tuple(record)


def test_000_14_a_conversion_may_be_forced_by_its_name():
    both = {**QUESTION, **LABELLED}
    assert constructed([both], "qa_to_alpaca")[0][0]["output"] == "It is two miles wide."
    assert constructed([both], "classification_to_alpaca")[0][0]["output"] == "travel"
    with pytest.raises(UnknownConversion):
        conversion_named("dance_to_alpaca")


def test_columns_are_known_by_their_chinese_names_too():
    assert detect([{"问题": "a", "答案": "b"}]) == "qa_to_alpaca"
    assert constructed([{"指令": "说出一种水果的名字。", "输出": LONG}])[0][0]["instruction"] == "说出一种水果的名字。"


def test_labels_are_listed_once_and_codes_get_their_words():
    rows = [{"text": "x", "label": label} for label in (1, 0, "1", None, " ")]
    assert labels_of(rows) == ("0", "1")
    assert labels_of(rows, words={"0": "Negative", "1": "Positive"}) == ("Negative", "Positive")


@pytest.mark.parametrize("judged", [{"label": False}, {"chosen": "a", "rejected": "b"}, {"kto_tag": True}])
def test_judged_answers_are_no_lessons(judged):
    rows, events, _ = constructed([{"prompt": "Name a fish.", "completion": "Trout, for one.", **judged}])
    assert rows == []
    assert [event.code for event in events if event.kind == "dropped"] == ["wrong_kind"]


BROKEN = [
    ({"output": LONG}, "missing_field", "instruction"),
    ({"instruction": "Name three rivers."}, "missing_field", "output"),
    ({"instruction": 7, "output": LONG}, "not_a_string", "instruction"),
    ({"instruction": "Name three rivers.", "output": None}, "not_a_string", "output"),
    ({"instruction": "Name three rivers.", "input": ["a"], "output": LONG}, "not_a_string", "input"),
    ({"instruction": "   ", "output": LONG}, "blank", "instruction"),
    ({"instruction": "Name three rivers.", "output": ""}, "blank", "output"),
    ({"instruction": "Name three rivers.", "output": "TODO: write"}, "placeholder_output", "output"),
    ({"instruction": "Name three rivers.", "output": "Output: N/A"}, "placeholder_output", "output"),
    ({"instruction": "Name three rivers.", "output": LONG, "history": "x"}, "not_a_list", "history"),
    ({"instruction": "Name three rivers.", "output": LONG, "history": [["a"]]}, "not_a_turn", "history.0"),
    ({"instruction": "What is in it? <image>", "output": LONG, "images": []}, "media_count", "images"),
]


def test_000_17_twelve_broken_rows_get_their_codes_and_good_ones_come_through():
    good = [{"instruction": f"Name river number {n}.", "input": "", "output": LONG} for n in range(13)]
    mixed = [row for pair in zip(good, [row for row, *_ in BROKEN], strict=False) for row in pair] + good[12:]
    rows, events, report = constructed(mixed)
    dropped = [(event.line, event.code, event.field) for event in events if event.kind == "dropped"]
    assert dropped == [(2 * at + 2, code, path) for at, (_, code, path) in enumerate(BROKEN)]
    assert rows == good
    assert (report.read, report.written) == (25, 13)


def test_000_17_a_field_that_is_too_many_is_reported_with_its_name():
    rows, events, _ = constructed([{"instruction": "Name three rivers.", "output": LONG, "colour": "red"}])
    assert [(event.kind, event.code, event.field) for event in events] == [("warning", "extra_field", "colour")]
    assert rows == [{"instruction": "Name three rivers.", "input": "", "output": LONG}]


def test_000_15_every_change_is_told_with_row_and_both_texts():
    record = {
        "instruction": "Instruction: Name a fish.",
        "input": "<noinput>",
        "output": "A\x07 trout swims upstream.  ",
    }
    rows, events, report = constructed([record])
    assert rows == [{"instruction": "Name a fish.", "input": "", "output": "A trout swims upstream."}]
    assert [(event.line, event.code, event.field, event.before, event.after) for event in events] == [
        (1, "field_label", "instruction", "Instruction: Name a fish.", "Name a fish."),
        (1, "empty_marker", "input", "<noinput>", ""),
        (1, "control_character", "output", "A\\x07 trout swims upstream.  ", "A trout swims upstream.  "),
        (1, "trailing_blanks", "output", "rout swims upstream.  ", "rout swims upstream."),
    ]
    assert report.characters == {"field_label": 13, "empty_marker": 9, "control_character": 1, "trailing_blanks": 2}


def test_000_15_what_is_only_doubtful_stays_unless_it_is_asked_out():
    record = {"instruction": "Describe the following picture.", "input": "", "output": "A barn beside a quiet lake."}
    rows, events, _ = constructed([record])
    assert (rows, [(e.kind, e.code) for e in events]) == ([record], [("doubt", "missing_reference")])
    rows, events, _ = constructed([record], drop=frozenset({"missing_reference"}))
    assert (rows, [(e.kind, e.code) for e in events]) == ([], [("dropped", "missing_reference")])


def test_repeated_rows_are_dropped_only_when_that_is_asked_for():
    twice = [{"instruction": "Name a fish.", "output": text} for text in ("A trout, for one.", "a  TROUT, for one.")]
    assert len(constructed(twice)[0]) == 2
    rows, events, _ = constructed(twice, drop_duplicates=True)
    assert (len(rows), [event.code for event in events if event.kind == "dropped"]) == (1, ["duplicate_row"])


def test_rows_that_no_reader_could_read_are_counted_and_named():
    _, events, report = constructed([RowError(1, "bad_json", excerpt="{x")])
    assert [(event.kind, event.code, event.before) for event in events] == [("dropped", "bad_json", "{x")]
    assert (report.read, report.written, report.as_json()["rows_dropped"]) == (1, 0, 1)


def test_a_label_that_the_instruction_offers_may_be_short():
    assert constructed([FEW_SHOT])[1] == []
    _, events, _ = constructed([{"instruction": "Say the mood of this line.", "output": "Negative"}])
    assert [(event.kind, event.code) for event in events] == [("warning", "output_size")]
