"""Classification exercises: the label follows from the input by a rule."""

from __future__ import annotations

import random

from generation.recipes.offline.exercises.base import Answers, Exercise, Slots, Words


def _draw_source(rng: random.Random, words: Words) -> dict[str, str]:
    return {"source": rng.choice(words["sources"])}


def _balanced(groups: dict[str, list[str]], rng: random.Random) -> Answers:
    """Up to two inputs of each label, labels in turn."""
    labels = rng.sample(sorted(groups), len(groups))
    chosen = {label: rng.sample(groups[label], min(2, len(groups[label]))) for label in labels}
    rounds = [(label, chosen[label][at]) for at in range(2) for label in labels if at < len(chosen[label])]
    return [(text, {"label": label}) for label, text in rounds[: rng.randint(2, 4)]]


def _solve_feeling(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return _balanced(words["feelings"], rng)


def _solve_form(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return _balanced(words["forms"], rng)


def _draw_pair_of_kinds(rng: random.Random, words: Words) -> dict[str, str]:
    one, other = rng.sample(sorted(words["kinds"]), 2)
    return {"one": one, "other": other}


def _solve_pair_of_kinds(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return _balanced({kind: words["kinds"][kind] for kind in (slots["one"], slots["other"])}, rng)


def _draw_limit(rng: random.Random, words: Words) -> dict[str, str]:
    return {"limit": str(rng.randrange(12, 90)), "measure": rng.choice(words["measures"])}


def _solve_limit(slots: Slots, rng: random.Random, words: Words) -> Answers:
    limit = int(slots["limit"])
    high, low = words["labels"]["above"], words["labels"]["not_above"]
    groups = {
        high: [str(limit + step) for step in rng.sample(range(1, 60), 2)],
        low: [str(max(0, limit - step)) for step in rng.sample(range(60), 2)],
    }
    return _balanced(groups, rng)


def _draw_parity(rng: random.Random, words: Words) -> dict[str, str]:
    return {"source": rng.choice(words["number_sources"])}


def _solve_parity(slots: Slots, rng: random.Random, words: Words) -> Answers:
    even, odd = words["labels"]["even"], words["labels"]["odd"]
    halves = rng.sample(range(1, 99), 4)
    groups = {even: [str(2 * half) for half in halves[:2]], odd: [str(2 * half + 1) for half in halves[2:]]}
    return _balanced(groups, rng)


def _draw_mention(rng: random.Random, words: Words) -> dict[str, str]:
    return {"kind": rng.choice(sorted(words["kinds"])), "source": rng.choice(words["sources"])}


def _solve_mention(slots: Slots, rng: random.Random, words: Words) -> Answers:
    """Yes for a sentence made with a thing of the kind, no for one made with a thing of another kind."""
    kind = slots["kind"]
    others = [thing for name, things in words["kinds"].items() if name != kind for thing in things]
    others = [thing for thing in others if thing not in words["kinds"][kind]]
    groups = {words["labels"]["yes"]: words["kinds"][kind], words["labels"]["no"]: others}
    return [(rng.choice(words["frames"]).format(thing=thing), label) for thing, label in _balanced(groups, rng)]


def _draw_day_part(rng: random.Random, words: Words) -> dict[str, str]:
    return {"event": rng.choice(words["events"])}


def _solve_day_part(slots: Slots, rng: random.Random, words: Words) -> Answers:
    morning, afternoon, evening = words["day_parts"]
    groups = {
        morning: [f"{hour}:{rng.randrange(0, 60, 5):02d}" for hour in rng.sample(range(6, 12), 2)],
        afternoon: [f"{hour}:{rng.randrange(0, 60, 5):02d}" for hour in rng.sample(range(12, 18), 2)],
        evening: [f"{hour}:{rng.randrange(0, 60, 5):02d}" for hour in rng.sample(range(18, 23), 2)],
    }
    return _balanced(groups, rng)


EXERCISES = (
    Exercise("feeling", _draw_source, _solve_feeling, labels=True),
    Exercise("form", _draw_source, _solve_form, labels=True),
    Exercise("pair_of_kinds", _draw_pair_of_kinds, _solve_pair_of_kinds, labels=True),
    Exercise("limit", _draw_limit, _solve_limit, labels=True),
    Exercise("parity", _draw_parity, _solve_parity, labels=True),
    Exercise("mention", _draw_mention, _solve_mention, labels=True),
    Exercise("day_part", _draw_day_part, _solve_day_part, labels=True),
)
