"""Exercises with numbers: each answer is computed."""

from __future__ import annotations

import random

from generation.recipes.offline.exercises.base import Answers, Exercise, Slots, Words


def _draw_price(rng: random.Random, words: Words) -> dict[str, str]:
    return {
        "item": rng.choice(words["goods"]),
        "price": str(rng.randint(2, 48)),
        "count": str(rng.randint(3, 19)),
        "place": rng.choice(words["places"]),
    }


def _solve_price(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return [("", {"total": str(int(slots["price"]) * int(slots["count"]))})]


def _draw_percent(rng: random.Random, words: Words) -> dict[str, str]:
    return {
        "percent": str(rng.choice((5, 10, 15, 20, 25, 30, 40, 60, 75))),
        "amount": str(20 * rng.randint(2, 60)),
        "crowd": rng.choice(words["crowds"]),
    }


def _solve_percent(slots: Slots, rng: random.Random, words: Words) -> Answers:
    share, rest = divmod(int(slots["percent"]) * int(slots["amount"]), 100)
    return [] if rest else [("", {"share": str(share)})]


def _draw_conversion(rng: random.Random, words: Words) -> dict[str, str]:
    unit, other, _ = rng.choice(words["units"])
    return {"count": str(rng.randint(2, 60)), "unit": unit, "other": other}


def _solve_conversion(slots: Slots, rng: random.Random, words: Words) -> Answers:
    factor = {(unit, other): factor for unit, other, factor in words["units"]}[slots["unit"], slots["other"]]
    return [("", {"factor": str(factor), "result": str(int(slots["count"]) * factor)})]


def _draw_journey(rng: random.Random, words: Words) -> dict[str, str]:
    vehicle, slow, fast = rng.choice(words["vehicles"])
    return {"vehicle": vehicle, "hours": str(rng.randint(2, 9)), "speed": str(rng.randrange(slow, fast, 5))}


def _solve_journey(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return [("", {"distance": str(int(slots["hours"]) * int(slots["speed"]))})]


def _draw_sharing(rng: random.Random, words: Words) -> dict[str, str]:
    people = rng.randint(3, 9)
    return {
        "people": str(people),
        "count": str(people * rng.randint(2, 9) + rng.randint(1, people - 1)),
        "thing": rng.choice(words["countables"]),
    }


def _solve_sharing(slots: Slots, rng: random.Random, words: Words) -> Answers:
    each, left = divmod(int(slots["count"]), int(slots["people"]))
    return [("", {"each": str(each), "left": str(left)})]


def _draw_weekday(rng: random.Random, words: Words) -> dict[str, str]:
    return {"days": str(rng.randint(4, 60)), "day": rng.choice(words["weekdays"]), "event": rng.choice(words["events"])}


def _solve_weekday(slots: Slots, rng: random.Random, words: Words) -> Answers:
    week = words["weekdays"]
    return [("", {"result": week[(week.index(slots["day"]) + int(slots["days"])) % 7]})]


def _draw_sequence(rng: random.Random, words: Words) -> dict[str, str]:
    first, step = rng.randint(1, 40), rng.randint(3, 17)
    return {name: str(first + at * step) for at, name in enumerate(("first", "second", "third"))}


def _solve_sequence(slots: Slots, rng: random.Random, words: Words) -> Answers:
    second, third = int(slots["second"]), int(slots["third"])
    step = third - second
    if second - int(slots["first"]) != step:
        return []
    values = {name: str(third + at * step) for at, name in enumerate(("fourth", "fifth", "sixth"), 1)}
    return [("", {"step": str(step), **values})]


def _draw_clock(rng: random.Random, words: Words) -> dict[str, str]:
    return {
        "event": rng.choice(words["events"]),
        "time": f"{rng.randint(7, 19)}:{rng.randrange(0, 60, 5):02d}",
        "minutes": str(rng.randrange(25, 160, 5)),
    }


def _solve_clock(slots: Slots, rng: random.Random, words: Words) -> Answers:
    hour, minute = (int(part) for part in slots["time"].split(":"))
    end = 60 * hour + minute + int(slots["minutes"])
    return [("", {"end": f"{end // 60 % 24}:{end % 60:02d}"})]


def _draw_area(rng: random.Random, words: Words) -> dict[str, str]:
    return {"plot": rng.choice(words["plots"]), "length": str(rng.randint(6, 40)), "width": str(rng.randint(2, 30))}


def _solve_area(slots: Slots, rng: random.Random, words: Words) -> Answers:
    length, width = int(slots["length"]), int(slots["width"])
    return [("", {"area": str(length * width), "border": str(2 * (length + width))})]


def _draw_mean(rng: random.Random, words: Words) -> dict[str, str]:
    return {"measure": rng.choice(words["measures"])}


def _solve_mean(slots: Slots, rng: random.Random, words: Words) -> Answers:
    """Numbers come as input; the last one is chosen so that the mean is whole."""
    answers: Answers = []
    for _ in range(rng.randint(2, 3)):
        numbers = [rng.randint(3, 60) for _ in range(rng.randint(2, 4))]
        numbers.append(next(last for last in range(5, 40) if (sum(numbers) + last) % (len(numbers) + 1) == 0))
        values = {"total": str(sum(numbers)), "size": str(len(numbers)), "mean": str(sum(numbers) // len(numbers))}
        answers.append((", ".join(map(str, numbers)), values))
    return answers


def _draw_extremes(rng: random.Random, words: Words) -> dict[str, str]:
    return {"measure": rng.choice(words["measures"])}


def _solve_extremes(slots: Slots, rng: random.Random, words: Words) -> Answers:
    answers: Answers = []
    for _ in range(rng.randint(2, 3)):
        numbers = rng.sample(range(3, 99), rng.randint(4, 7))
        values = {"high": max(numbers), "low": min(numbers), "spread": max(numbers) - min(numbers)}
        answers.append((", ".join(map(str, numbers)), {name: str(value) for name, value in values.items()}))
    return answers


EXERCISES = (
    Exercise("price", _draw_price, _solve_price),
    Exercise("percent", _draw_percent, _solve_percent),
    Exercise("conversion", _draw_conversion, _solve_conversion),
    Exercise("journey", _draw_journey, _solve_journey),
    Exercise("sharing", _draw_sharing, _solve_sharing),
    Exercise("weekday", _draw_weekday, _solve_weekday),
    Exercise("sequence", _draw_sequence, _solve_sequence),
    Exercise("clock", _draw_clock, _solve_clock),
    Exercise("area", _draw_area, _solve_area),
    Exercise("mean", _draw_mean, _solve_mean),
    Exercise("extremes", _draw_extremes, _solve_extremes),
)
