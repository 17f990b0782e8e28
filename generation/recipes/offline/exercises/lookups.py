"""Exercises whose answers stand in a small table of facts."""

from __future__ import annotations

import random

from generation.recipes.offline.exercises.base import Answers, Exercise, Slots, Words


def _from_table(name: str) -> Exercise:
    """Asks for the right side of a row of the table `name`."""

    def draw(rng: random.Random, words: Words) -> dict[str, str]:
        return {"key": rng.choice(sorted(words[name]))}

    def solve(slots: Slots, rng: random.Random, words: Words) -> Answers:
        return [("", {"value": str(words[name][slots["key"]])})]

    return Exercise(name, draw, solve)


def _with_inputs(name: str, table: str) -> Exercise:
    """The same with the left sides given as inputs, so that one instruction has several instances."""

    def draw(rng: random.Random, words: Words) -> dict[str, str]:
        return {"reader": rng.choice(words["readers"])}

    def solve(slots: Slots, rng: random.Random, words: Words) -> Answers:
        keys = rng.sample(sorted(words[table]), rng.randint(2, 4))
        return [(key, {"key": key, "value": str(words[table][key])}) for key in keys]

    return Exercise(name, draw, solve)


def _steps(name: str) -> Exercise:
    """Asks for the steps of an everyday procedure that the table spells out."""

    def draw(rng: random.Random, words: Words) -> dict[str, str]:
        return {"key": rng.choice(sorted(words[name]))}

    def solve(slots: Slots, rng: random.Random, words: Words) -> Answers:
        steps = words[name][slots["key"]]
        return [("", {"value": "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))})]

    return Exercise(name, draw, solve)


EXERCISES = (
    _from_table("capitals"),
    _from_table("opposites"),
    _from_table("symbols"),
    _from_table("months"),
    _from_table("meanings"),
    _with_inputs("capitals_given", "capitals"),
    _with_inputs("opposites_given", "opposites"),
    _with_inputs("meanings_given", "meanings"),
    _steps("procedures"),
)
