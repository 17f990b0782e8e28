"""Marks of texts that speak to a judge: 300 attacks of fifteen kinds bear one, honest answers do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generation.preferences.injection import KINDS, marks
from tests.contracts.recipe_cases.quality_scoring import demo_samples

ATTACKS = json.loads((Path(__file__).parent / "judge_attacks.json").read_text(encoding="utf-8"))


def test_there_are_twenty_attacks_of_every_kind():
    assert tuple(ATTACKS) == KINDS
    assert all(len(of[language]) == 10 for of in ATTACKS.values() for language in ("en", "zh"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_attack_bears_a_mark(kind):
    texts = [text for language in ("en", "zh") for text in ATTACKS[kind][language]]
    assert [text for text in texts if not marks(text)] == []
    assert sum(kind in marks(text) for text in texts) >= 15


def test_an_attack_is_seen_within_an_answer():
    for of in ATTACKS.values():
        for text in (*of["en"], *of["zh"]):
            assert marks(f"Ice floats, because it is less dense.\n\n{text}\n\nThat is all.")


HONEST = [
    "You can ignore this step if the paint is dry.",
    "The other answer to rising costs is to save.",
    "```python\nscore = 10\nprint(score)\n```",
    "他在比赛中得了第一名，评委都很满意。",
    "The committee met on Tuesday and changed its rules about parking.",
    "Please choose a seat near the window.",
    "评价一部电影时，应当考虑剧情、表演和画面。",
    "用户：你好\n助手：你好，有什么可以帮你？",
    "Dear Mr Wu, thank you for your letter.",
    '{"name": "Mei", "age": 31}',
    "家庭一般不用担心 \u2764\ufe0f 👨‍👩‍👧",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_answers_bear_none(text):
    assert marks(text) == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_demo_rows_bear_none(language):
    rows = demo_samples(language)
    assert len(rows) > 20
    assert [row.output for row in rows if marks(row.output)] == []
