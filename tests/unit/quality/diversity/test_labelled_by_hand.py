"""Topics and kinds of tasks beside what a person called the same rows; skipped where the public files are not at hand.

The labels map a name to rows of a file, counted from 0. Those called "later" were given after everything was settled.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from generation.quality.diversity.task_kinds import task_kind
from generation.quality.diversity.topics import topics, words_of
from tests.house import ROOT

DATA = Path(os.environ.get("FDC_SHARED_DATA") or ROOT.parent / "shared" / "data")
LABELS = {
    name: {row: label for label, rows in by.items() for row in rows}
    for name, by in json.loads(Path(__file__).with_name("labelled_by_hand.json").read_text(encoding="utf-8")).items()
}
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the public files are not at hand")


@pytest.fixture(scope="module")
def rows():
    found = json.loads((DATA / "alpaca_zh_demo.json").read_bytes())
    return [(row["instruction"], row["input"], row["output"]) for row in found]


@pytest.fixture(scope="module")
def found(rows):
    return topics([words_of(f"{asked}\n{given}", answer) for asked, given, answer in rows])


@pytest.mark.parametrize(("labels", "least"), [("topics", 0.6), ("topics_later", 0.48)])
def test_rows_of_a_topic_were_called_the_same(found, labels, least):
    of = {row: number for number, topic in enumerate(found) for row in topic.rows}
    groups: dict[int, Counter[str]] = {}
    for row, label in LABELS[labels].items():
        groups.setdefault(of.get(row, -1), Counter())[label] += 1
    purity = sum(max(group.values()) for group in groups.values()) / len(LABELS[labels])
    assert purity >= least
    assert len(of) >= 0.85 * 1000


@pytest.mark.parametrize(("labels", "least"), [("kinds_zh", 0.88), ("kinds_zh_later", 0.7), ("kinds_en_later", 0.7)])
def test_kinds_of_tasks_come_out_as_a_person_called_them(rows, labels, least):
    if "_en" in labels:
        lines = (DATA / "recorded_answers" / "davinci-self-instruct.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [(row["instruction"], row["input"], row["target"]) for row in map(json.loads, lines)]
    right = sum(task_kind(*rows[row]) == label for row, label in LABELS[labels].items())
    assert right / len(LABELS[labels]) >= least
