"""The names that the tutorials teach do what the tutorials say, and somewhat better."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.dataset_utils import (
    DataCleaner,
    DataQualityFilter,
    DatasetConverter,
    DatasetError,
    KTODataGenerator,
    load_dataset,
)
from generation.samples import sample_path

ROWS = [{"instruction": "Name three rivers.", "input": "", "output": "The Nile, the Po and the Seine."}, {"a": "中"}]
CHOSEN = "An answer that is long enough."


def row(**changes) -> dict:
    return {"instruction": "Name three rivers.", "input": "", "output": CHOSEN} | changes


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.json", json.dumps(ROWS).encode()),
        ("rows.jsonl", b"".join(json.dumps(each).encode() + b"\n" for each in ROWS)),
        ("rows.jsonl.gz", gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in ROWS))),
        ("any name at all", json.dumps(ROWS, indent=2).encode()),
    ],
)
def test_003_25_a_data_set_of_either_shape_is_a_list_of_rows(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert load_dataset(tmp_path / name) == ROWS
    assert load_dataset(str(tmp_path / name)) == ROWS


def test_003_25_a_faulty_row_is_named_and_may_be_skipped(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"a": 1}\n{"b": \n{"c": 3}\n')
    with pytest.raises(DatasetError, match="line 2") as refused:
        load_dataset(tmp_path / "rows.jsonl")
    assert [(error.line, error.code) for error in refused.value.errors] == [(2, "bad_json")]
    assert load_dataset(tmp_path / "rows.jsonl", faulty="skip") == [{"a": 1}, {"c": 3}]


def test_003_26_the_cleaner_counts_what_passed_and_why_the_rest_failed():
    data = [
        row(),
        row(input=None, output="Output: " + CHOSEN),
        row(output=""),
        row(output="N/A"),
        row(instruction="Too long." * 112),
        row(output="short"),
        {"instruction": "No output at all."},
        "no row",
    ]
    clean, stats = DataCleaner().process_dataset(data)
    assert clean == [row(), row()]
    assert {name: stats[name] for name in ("total", "passed", "failed")} == {"total": 8, "passed": 2, "failed": 6}
    assert stats["failure_reasons"] == {
        "blank": 1,
        "placeholder_output": 1,
        "instruction_size": 1,
        "output_size": 1,
        "missing_field": 1,
        "not_an_object": 1,
    }
    assert sum(stats["failure_reasons"].values()) == stats["failed"]
    assert stats["changes"] == {"field_label": 1}


@pytest.mark.parametrize(
    ("field", "size", "passes"),
    [
        ("instruction", 9, False), ("instruction", 10, True), ("instruction", 1000, True), ("instruction", 1001, False),
        ("output", 19, False), ("output", 20, True), ("output", 4000, True), ("output", 4001, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("character", ["a", "中", "🎈"])
def test_003_26_bounds_are_inclusive_and_counted_in_code_points(field, size, passes, character):
    assert bool(DataCleaner().process_dataset([row(**{field: character * size})])[0]) is passes


def test_003_26_labels_may_be_short_and_duplicates_may_be_dropped():
    labelled = row(instruction="Is the mood positive or negative?", output="negative")
    assert DataCleaner().process_dataset([labelled])[0] == [labelled]
    _, stats = DataCleaner(drop_duplicates=True).process_dataset([row(), row(input="x"), row()])
    assert stats["failure_reasons"] == {"duplicate_row": 1}


def test_003_27_feedback_is_told_apart_on_the_shipped_sample():
    found = KTODataGenerator.from_binary_feedback(load_dataset(sample_path("sample_kto_data.json")))
    assert list(found) == ["desirable", "undesirable", "total", "ratio"]
    assert (len(found["desirable"]), len(found["undesirable"]), found["total"]) == (13, 11, 24)
    assert found["ratio"] == 1.1818
    assert all(each["label"] is True for each in found["desirable"])
    assert list(found["undesirable"][0]) == ["prompt", "completion", "label"]


@pytest.mark.parametrize("verdict", [True, 1, "1", "true", "yes", "good", "positive", "thumbs_up", "👍"])
def test_003_27_both_sets_of_field_names_and_all_words_for_good_are_known(verdict):
    for fields in (("completion", "label"), ("response", "feedback")):
        record = {"prompt": "p", fields[0]: "c", fields[1]: verdict}
        found = KTODataGenerator.from_binary_feedback([record])
        assert found["desirable"] == [{"prompt": "p", "completion": "c", "label": True}]
        assert found["ratio"] is None


def test_003_27_an_unknown_verdict_is_an_error_and_never_bad():
    rows = [{"prompt": "p", "completion": "c", "label": True}, {"prompt": "p", "completion": "c", "label": "maybe"}]
    with pytest.raises(DatasetError) as refused:
        KTODataGenerator.from_binary_feedback(rows)
    assert [(error.line, error.code, error.path) for error in refused.value.errors] == [
        (2, "unknown_feedback", "label")
    ]


def test_003_27_ratings_count_as_good_from_three_and_a_half():
    rows = [{"prompt": "p", "response": str(number), "rating": number} for number in (1, 3.4, 3.5, 5)]
    found = KTODataGenerator.from_ratings(rows)
    assert [each["completion"] for each in found["desirable"]] == ["3.5", "5"]
    with pytest.raises(DatasetError, match="not_a_number"):
        KTODataGenerator.from_ratings([{"prompt": "p", "response": "r", "rating": "5"}])


def test_003_27_the_larger_side_is_cut_down_in_order_and_by_seed():
    rows = [{"prompt": str(n), "completion": "c", "label": n >= 3} for n in range(12)]
    found = KTODataGenerator.from_binary_feedback(rows)
    even = KTODataGenerator.balance_dataset(found)
    assert (len(even["desirable"]), len(even["undesirable"]), even["ratio"]) == (3, 3, 1.0)
    assert [int(each["prompt"]) for each in even["desirable"]] == sorted(int(e["prompt"]) for e in even["desirable"])
    assert KTODataGenerator.balance_dataset(found) == even
    assert len(KTODataGenerator.balance_dataset(found, ratio=2)["desirable"]) == 6


def test_003_28_the_filter_finds_the_text_of_every_kind_of_row():
    good = "The heron is a wading bird with long legs that hunts for fish in shallow water all day."
    rows = [
        row(output=good),
        {"prompt": "Which bird wades?", "chosen": good, "rejected": "?"},
        {"prompt": "Which bird wades?", "completion": good, "label": True},
        {"conversations": [{"from": "human", "value": "Which bird wades?"}, {"from": "gpt", "value": good}]},
        {"messages": [{"role": "user", "content": "Which bird?"}, {"role": "assistant", "content": good}]},
        {"text": good},
        {"text": "鹭是一种涉禽，腿很长，整天在浅水里捕鱼，常常一动不动地站着等待，动作又快又准。"},
    ]
    assert DataQualityFilter().filter_dataset(rows) == rows


def test_003_28_what_falls_is_reported_with_its_reason():
    bad = {
        "no_text": {"label": True},
        "too_short": row(instruction="Say hi.", output="Hi."),
        "too_few_words": {"text": "Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssel fehlt"},
        "too_repetitive": {"text": "again and again " * 10},
        "few_letters": {"text": "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 a b c d e"},
        "too_many_capitals": {"text": "THIS WHOLE TEXT IS SHOUTED AT THE READER, WHO DID NOT ASK FOR THAT."},
        "refusal": row(output="I'm sorry, but I cannot help with that. Please ask somebody else about it."),
    }
    keeper = DataQualityFilter()
    assert keeper.filter_dataset([*bad.values(), row(output="The Nile, the Po and the Seine are three of them.")]) == [
        row(output="The Nile, the Po and the Seine are three of them.")
    ]
    assert keeper.report == {"total": 8, "kept": 1, "dropped": 7, "reasons": dict.fromkeys(bad, 1)}
    assert "too_repetitive" in keeper.get_report()


def test_003_28_the_tutorial_keeps_rows_of_the_shipped_sample():
    data = load_dataset(sample_path("sample_instruction_data.json"))
    assert len(DataQualityFilter().filter_dataset(data)) == 24


TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40)
EXCHANGES = st.lists(st.tuples(TEXTS, TEXTS).map(list), max_size=3)


@given(instruction=TEXTS, output=TEXTS, system=TEXTS | st.just(""), history=EXCHANGES)
@settings(max_examples=200, deadline=None)
def test_003_29_alpaca_to_conversation_and_back_keeps_everything(instruction, output, system, history):
    example = {"instruction": instruction, "input": "", "output": output}
    example |= ({"system": system} if system else {}) | ({"history": history} if history else {})
    for there, back in (
        (DatasetConverter.alpaca_to_conversation, DatasetConverter.conversation_to_alpaca),
        (DatasetConverter.alpaca_to_messages, DatasetConverter.messages_to_alpaca),
    ):
        assert back(there(example)) == example


def test_003_29_an_input_joins_the_question_and_no_system_text_is_made_up():
    example = row(input="In Europe.")
    made = DatasetConverter.alpaca_to_conversation(example)
    assert made == {
        "conversations": [
            {"from": "human", "value": "Name three rivers.\nIn Europe."},
            {"from": "gpt", "value": CHOSEN},
        ]
    }
    blank = DatasetConverter.alpaca_to_conversation(example, system="Be brief.", separator="\n\n")["conversations"]
    assert blank[0] == {"from": "system", "value": "Be brief."}
    assert blank[1]["value"] == "Name three rivers.\n\nIn Europe."


@given(prompt=TEXTS, chosen=TEXTS, rejected=TEXTS)
@settings(max_examples=100, deadline=None)
def test_000_28_a_pair_becomes_feedback_and_training_rows_without_loss(prompt, chosen, rejected):
    if chosen.split() == rejected.split():
        return
    pair = {"prompt": prompt, "chosen": chosen, "rejected": rejected}
    good, bad = DatasetConverter.preference_to_kto(pair)
    assert good == {"prompt": prompt, "completion": chosen, "label": True}
    assert bad == {"prompt": prompt, "completion": rejected, "label": False}
    assert DatasetConverter.preference_to_alpaca(pair) == {"instruction": prompt, "input": "", "output": chosen}
