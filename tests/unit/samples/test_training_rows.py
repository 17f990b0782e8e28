"""The sample files that ship: enough of each, sound, balanced, in both languages, and nothing twice."""

from __future__ import annotations

import json

import pytest

from generation.formats import check_records, format_named
from generation.formats.base import Format
from generation.formats.detecting import detect, read_records
from generation.quality.language import detect as language_of
from generation.samples import TRAINING_ROWS, sample_path
from generation.types import RowError

FORMATS = {
    "alpaca_demo.jsonl": "alpaca",
    "fewshot_sentiment.jsonl": "alpaca",
    "sample_conversation_data.json": "sharegpt",
    "sample_instruction_data.json": "alpaca",
    "sample_kto_data.json": "kto",
    "sample_preference_data.json": "preference",
    "self_instruct.jsonl": "self_instruct_seeds",
}


def rows_of(name: str) -> list[dict]:
    with sample_path(name).open("rb") as file:
        return [row for _, row in read_records(file) if isinstance(row, dict)]


def detected(name: str) -> Format:
    with sample_path(name).open("rb") as file:
        guess = detect(file).clear
    assert guess is not None, name
    return format_named(guess.format)


def faults_of(name: str) -> list[RowError]:
    with sample_path(name).open("rb") as file:
        return list(check_records(read_records(file), chosen=detected(name)))


def is_chinese(row: dict) -> bool:
    return language_of(json.dumps(list(row.values()), ensure_ascii=False)) == "zh"


@pytest.mark.parametrize("name", TRAINING_ROWS)
def test_each_file_is_recognised_and_sound_without_a_warning(name):
    assert detected(name).name == FORMATS[name]
    assert faults_of(name) == []


@pytest.mark.parametrize("name", TRAINING_ROWS)
def test_each_file_speaks_both_languages_and_says_nothing_twice(name):
    rows = rows_of(name)
    chinese = sum(map(is_chinese, rows))
    assert 0.35 <= chinese / len(rows) <= 0.65
    assert len({json.dumps(row, sort_keys=True) for row in rows}) == len(rows)


def test_003_02_the_instruction_sample_is_alpaca_with_at_least_twenty_rows():
    rows = rows_of("sample_instruction_data.json")
    assert len(rows) >= 20
    assert all(list(row) == ["instruction", "input", "output"] for row in rows)
    assert faults_of("sample_instruction_data.json") == []


def test_003_03_the_preference_sample_has_fifteen_pairs_and_no_bias_of_length():
    rows = rows_of("sample_preference_data.json")
    longer = sum(len(row["chosen"]) > len(row["rejected"]) for row in rows)
    assert len(rows) >= 15
    assert 0.4 <= longer / len(rows) <= 0.6
    assert faults_of("sample_preference_data.json") == []


def test_003_04_the_kto_sample_has_twenty_rows_and_both_labels_in_balance():
    rows = rows_of("sample_kto_data.json")
    good = sum(row["label"] for row in rows)
    assert len(rows) >= 20
    assert {type(row["label"]) for row in rows} == {bool}
    assert 0.4 <= good / len(rows) <= 0.6
    assert faults_of("sample_kto_data.json") == []


def test_003_05_the_conversation_sample_has_ten_and_half_of_them_go_on_for_four_turns():
    rows = rows_of("sample_conversation_data.json")
    turns = [[turn for turn in row["conversations"] if turn["from"] != "system"] for row in rows]
    assert len(rows) >= 10
    assert sum(len(each) >= 4 for each in turns) >= 5
    for each in turns:
        assert [turn["from"] for turn in each] == ["human", "gpt"] * (len(each) // 2)
    assert faults_of("sample_conversation_data.json") == []
