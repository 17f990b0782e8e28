"""What tasks ask for, over instructions that were labelled by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generation.quality.diversity import verb_noun
from generation.quality.diversity.verbs_en import singular

LABELLED = json.loads(Path(__file__).with_name("verb_nouns.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nine_of_ten_pairs_are_found_and_nine_of_ten_found_are_right(language):
    rows = [(verb_noun(text), (verb, noun) if noun else None) for text, verb, noun in LABELLED[language]]
    right = sum(found is not None and found == expected for found, expected in rows)
    assert len(rows) == 34
    assert right >= 0.9 * sum(expected is not None for _, expected in rows)
    assert right >= 0.9 * sum(found is not None for found, _ in rows)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("stories", "story"), ("boxes", "box"), ("classes", "class"), ("people", "person"), ("bus", "bus"),
     ("analysis", "analysis"), ("dishes", "dish"), ("tips", "tip"), ("gas", "gas")],
)  # fmt: skip
def test_nouns_are_counted_in_the_singular(word, expected):
    assert singular(word) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "…", "Schreibe", "Напиши стихотворение", "write", "写", "把", "将。", "a" * 5000]
)
def test_texts_without_a_task_have_no_pair(text):
    assert verb_noun(text) is None


def test_long_and_odd_texts_are_read_in_no_time():
    for text in ("list " * 20_000, "请" * 20_000, "把的" * 10_000, "write a " + "very " * 20_000, "以来并的" * 5_000):
        verb_noun(text)
