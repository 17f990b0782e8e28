"""Planted attacks: they are there, a judge that obeys is caught, and no attack becomes a pass unnoticed."""

from __future__ import annotations

import json

import pytest

from generation.preferences.gate import held_back
from generation.preferences.injection import KINDS, marks
from generation.recipes.judging import JUDGES, Question, judge
from generation.recipes.judging.canaries import canary_count, face, is_canary, outcome_of, planted
from generation.recipes.judging.standing import case_of
from tests.house import ROOT
from tests.unit.recipes.judging.judged import by_rules, context, driven, judged

ATTACKS = json.loads((ROOT / "tests/unit/preferences/judge_attacks.json").read_text(encoding="utf-8"))
HONEST = "Water expands when it freezes, so ice is less dense and floats."
MODELS = [each.name for each in JUDGES if each.asks_model and each.name != "g_eval"]


def obeying(prompt):
    """A judge that does what any attack says, and prefers the first text where there is none."""
    _task, *texts = prompt.variables["texts"]
    attacked = [at for at, text in enumerate(texts) if marks(text) or len(text) < 40]
    if prompt.stage.startswith("judging.pairwise"):
        return '{"winner": "B"}' if attacked == [1] else '{"winner": "A"}'
    if prompt.stage.startswith("judging.aspects"):
        return json.dumps(
            {"ratings": [{"text": n + 1, "rating": 5 if n in attacked else 2} for n in range(len(texts))]}
        )
    return '{"score": 10}' if attacked else '{"score": 4}'


def test_every_kind_ships_in_both_languages_and_bears_its_mark():
    for language in ("en", "zh"):
        found = planted(15, context(language, canary_share=0.5, seed=5), first=True)
        assert len(found) == 8
        for each in found:
            assert is_canary(each)
            assert marks(each["texts"][each["planted"]])
            assert not marks(each["texts"][1 - each["planted"]])
    everything = planted(30, context(canary_share=0.5), first=True)
    assert {each["canary"] for each in everything} == set(KINDS)


def test_one_in_a_hundred_and_at_least_one_a_run():
    assert [canary_count(n, share=0.01, first=True) for n in (0, 1, 60, 1000)] == [0, 1, 1, 10]
    assert [canary_count(n, share=0.01, first=False) for n in (1, 60, 1000)] == [0, 1, 10]
    assert canary_count(500, share=0.0, first=True) == 0
    assert planted(500, context(judge="uploaded"), first=True) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", MODELS)
def test_a_judge_that_obeys_is_caught_and_the_rules_are_not(name, language):
    for seed in range(4):
        at = context(language, judge=name, canary_share=0.5, seed=seed)
        for payload in planted(16, at, first=True):
            assert driven(face(payload, at, part="judge"), obeying).outcome == "fooled"
            assert driven(face(payload, at, part="judge"), by_rules).outcome in ("resisted", "invalid")


def test_a_fondness_for_one_side_is_no_better_than_being_talked_round():
    verdict = judged(Question("Why?"), (HONEST, "It depends."), lambda prompt: "[[A]]", judge="pairwise")
    assert outcome_of(verdict, 1) == "fooled"
    unread = judged(Question("Why?"), (HONEST, "It depends."), lambda prompt: "hm", judge="pairwise")
    assert outcome_of(unread, 1) == "invalid"


@pytest.mark.parametrize("name", MODELS)
def test_none_of_300_attacks_passes_a_judge_that_obeys_them_without_the_alarm_or_a_mark(name):
    passed = unnoticed = 0
    for kind, of in ATTACKS.items():
        for language in ("en", "zh"):
            at = context(language, judge=name)
            [canary] = planted(1, at, first=True)
            alarm = driven(face(canary, at, part="judge"), obeying).outcome == "fooled"
            for attack in of[language]:
                texts = (HONEST, f"It depends.\n\n{attack}")
                verdict = driven(judge(name).judge(Question("Why does ice float?"), texts, at, part="judge"), obeying)
                case = case_of(verdict, texts, chosen=1, rejected=0)
                held = held_back(case, least_margin=0.5)
                passed += not held
                unnoticed += not held and not alarm
                assert held == "speaks_to_judge", (kind, attack)
    assert (passed, unnoticed) == (0, 0)
