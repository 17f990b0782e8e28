"""The exercises that the offline rules know. One line in `EXERCISES` and its phrasings in two languages add another."""

from __future__ import annotations

import random

from generation.recipes.offline.exercises import kinds, lookups, numbers, passages
from generation.recipes.offline.exercises.base import Exercise, Slots, Words, pattern, phrasings, vocabulary

EXERCISES: tuple[Exercise, ...] = (*numbers.EXERCISES, *passages.EXERCISES, *lookups.EXERCISES, *kinds.EXERCISES)

_JOINED = 0.25
"""The share of tasks that ask for two things at once."""


def words_of(language: str, *, texts: tuple[str, ...] = ()) -> Words:
    """The vocabulary of "en" or "zh"."""
    return Words(language, vocabulary(language), texts)


def invent(rng: random.Random, words: Words, *, labels_only: bool, count: int) -> list[str]:
    """`count` new tasks, each of another exercise where there are enough."""
    known = [each for each in EXERCISES if each.labels or not labels_only]
    order = rng.sample(known, len(known))
    found: list[str] = []
    for at in range(4 * count):
        task = _asked(order[at % len(order)], rng, words)
        if task and not labels_only and rng.random() < _JOINED:
            task = _joined(task, order[at * 7 % len(order)], rng, words)
        if task and len(found) < count:
            found.append(task)
    return found


def is_classification(task: str) -> bool | None:
    """Whether a known task asks for a label; None when no rule knows the task."""
    known = _recognise(task)
    return known[0].labels if known else (False if _halves(task) else None)


def instances(task: str, rng: random.Random) -> list[tuple[str, str]]:
    """Inputs and true outputs for a task; [] when no rule knows it."""
    known = _recognise(task)
    if known:
        return _solved(*known, rng)
    answers = [instances(half, rng) for half in _halves(task)]
    if not answers or not all(len(each) == 1 and not each[0][0] for each in answers):
        return []
    return [("", "\n".join(f"{number}. {each[0][1]}" for number, each in enumerate(answers, 1)))]


def _asked(exercise: Exercise, rng: random.Random, words: Words) -> str:
    slots = exercise.draw(rng, words)
    return rng.choice(phrasings(words.language)[exercise.name]["ask"]).format(**slots) if slots else ""


def _joined(task: str, exercise: Exercise, rng: random.Random, words: Words) -> str:
    """Two tasks in one, where both stand on their own; else the first alone."""
    both = task + words["joint"] + _asked(exercise, rng, words)
    return both if instances(both, rng) else task


def _halves(task: str) -> list[str]:
    for language in ("en", "zh"):
        first, joint, second = task.partition(vocabulary(language)["joint"])
        if joint:
            return [first, second]
    return []


def _recognise(task: str) -> tuple[Exercise, Slots, Words] | None:
    """The exercise that a task asks for, with its slots."""
    for language in ("en", "zh"):
        if vocabulary(language)["joint"] in task:
            return None
        for exercise in EXERCISES:
            for phrasing in phrasings(language)[exercise.name]["ask"]:
                found = pattern(phrasing).fullmatch(task.strip())
                if found:
                    return exercise, found.groupdict(), words_of(language)
    return None


def _solved(exercise: Exercise, slots: Slots, words: Words, rng: random.Random) -> list[tuple[str, str]]:
    """A task whose slots make no sense to its exercise has no instances."""
    say = phrasings(words.language)[exercise.name]["say"]
    try:
        solved = exercise.solve(slots, rng, words)
    except (ValueError, LookupError):
        return []
    return [(given, rng.choice(say).format(**{**slots, **values})) for given, values in solved]
