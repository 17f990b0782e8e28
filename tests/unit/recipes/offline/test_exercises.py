"""Tasks made by rules are recognised again and carried out truthfully."""

from __future__ import annotations

import random

import pytest

from generation.recipes.offline import exercises
from generation.recipes.offline.exercises import EXERCISES
from generation.recipes.offline.exercises.base import phrasings

TEXTS = {"en": ("Name three rivers in Europe.", "Suggest a healthy breakfast."), "zh": ("说出欧洲的三条河流。",)}


def tasks(language: str):
    """Every phrasing of every exercise, with the slots that went into it."""
    words = exercises.words_of(language, texts=TEXTS[language])
    for exercise in EXERCISES:
        for at, phrasing in enumerate(phrasings(language)[exercise.name]["ask"] * 5):
            slots = exercise.draw(random.Random(at), words)
            yield exercise, slots, phrasing.format(**slots)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_task_is_recognised_with_the_slots_it_was_made_of(language):
    for exercise, slots, task in tasks(language):
        found, again, words = exercises._recognise(task)
        assert (found.name, words.language) == (exercise.name, language), task
        assert all(slots[name] == value for name, value in again.items()), task


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_task_has_answers_that_are_not_empty(language):
    for _, _, task in tasks(language):
        found = exercises.instances(task, random.Random(3))
        assert all(output.strip() for _, output in found), task


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_exercise_has_three_wordings_or_an_input_to_vary(language):
    for exercise in EXERCISES:
        assert len(phrasings(language)[exercise.name]["ask"]) >= 2


@pytest.mark.parametrize(
    ("task", "answer"),
    [
        ("Convert 5 hours to minutes.", "300"),
        ("How many days does the month of June have?", "30"),
        ("Continue the sequence 4, 7, 10 with the next three numbers.", "19"),
        ("4个朋友平分23张贴纸，每人得到多少，还剩多少？", "5"),
        ("今天是星期一，8天以后有例会，那天是星期几？", "星期二"),
        ("法国的首都是哪里？", "巴黎"),
    ],
)
def test_answers_are_worked_out(task, answer):
    [(given, output)] = exercises.instances(task, random.Random(1))
    assert given == ""
    assert answer in output


def test_two_tasks_in_one_get_two_answers():
    [(_, output)] = exercises.instances(
        "What is the capital of Peru? Then do one more thing: Convert 2 weeks to days.", random.Random(1)
    )
    assert "Lima" in output
    assert "14" in output


def test_what_no_rule_knows_has_no_answer():
    assert exercises.instances("Prove the Riemann hypothesis.", random.Random(1)) == []
    assert exercises.is_classification("Prove the Riemann hypothesis.") is None
