"""What may leave: noticeably better, in both orders, and not the same answer twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generation.preferences.gate import REASONS, Case, held_back
from generation.preferences.likeness import rouge_l

SOUND = Case("Ice is less dense than water.", "It just does.", similarity=0.1, consistent=True, margin=2.0)


def test_002_17_the_margin_is_inclusive():
    for chosen, rejected, least in ((3.4, 3.0, 0.5), (7.3, 6.4, 1.0)):
        assert held_back(replace(SOUND, margin=chosen - rejected), least_margin=least) == "below_margin"
    for chosen, rejected, least in ((3.5, 3.0, 0.5), (0.7, 0.2, 0.5), (4.1, 3.6, 0.5), (7.4, 6.4, 1.0)):
        assert held_back(replace(SOUND, margin=chosen - rejected), least_margin=least) == ""


def test_002_17_answers_that_are_nearly_the_same_are_no_preference():
    words = [f"w{n}" for n in range(20)]
    nearly = rouge_l(" ".join(words), " ".join([*words[:19], "other"]))
    assert nearly == pytest.approx(0.95)
    assert held_back(replace(SOUND, similarity=nearly), least_margin=0.5) == "near_identical"
    assert held_back(replace(SOUND, similarity=0.9), least_margin=0.5) == ""
    assert held_back(replace(SOUND, rejected=f" {SOUND.chosen}\n"), least_margin=0.5) == "identical"
    assert rouge_l("冰浮在水面上", "冰浮在水面！") == pytest.approx(2 * 5 / 11), "a character is a word, a mark is none"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"consistent": None}, ""),
        ({"rejected": "\u200b \u2060"}, "empty_answer"),
        ({"margin": None}, ""),
        ({"margin": None, "consistent": None}, "unverified"),
        ({"consistent": False}, "position_inconsistent"),
        ({"consistent": False, "margin": 9.0}, "position_inconsistent"),
        ({"tie": True}, "tie"),
        ({"invalid": True, "tie": True}, "invalid_verdict"),
        ({"suspect": True, "verified": True}, "speaks_to_judge"),
        ({"verified": True, "margin": None, "consistent": None}, ""),
        ({"refused": True, "verified": True}, "refusal"),
        ({"rejected": " "}, "empty_answer"),
    ],
)
def test_003_19_only_what_is_noticeably_better_passes(changes, reason):
    assert held_back(replace(SOUND, **changes), least_margin=0.5) == reason
    assert not reason or reason in REASONS
