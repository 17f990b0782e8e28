"""Exercises on a given sentence or list: each answer is worked out from the text. Some quote the texts of the seeds."""

from __future__ import annotations

import random
import re

from generation.recipes.offline.exercises.base import Answers, Exercise, Slots, Words

_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|[\u4e00-\u9fff]")
_LONG_WORD = re.compile(r"[A-Za-z]{5,}")
_QUOTES = re.compile('["“”「」\n{}]')


def _draw_subject(rng: random.Random, words: Words) -> dict[str, str]:
    return {"source": rng.choice(words["sources"])}


def _sentences(rng: random.Random, words: Words, count: int) -> list[str]:
    return rng.sample(words["sentences"], count)


def _solve_count(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return [(text, {"count": str(len(_WORD.findall(text)))}) for text in _sentences(rng, words, rng.randint(2, 3))]


def _solve_ends(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return [
        (text, {"first": found[0], "last": found[-1]})
        for text in _sentences(rng, words, rng.randint(2, 3))
        if (found := _WORD.findall(text))
    ]


def _draw_kind(rng: random.Random, words: Words) -> dict[str, str]:
    return {"kind": rng.choice(sorted(words["kinds"]))}


def _listed(slots: Slots, rng: random.Random, words: Words) -> list[list[str]]:
    """Some lists of things of the kind that the task names."""
    things = words["kinds"][slots["kind"]]
    return [rng.sample(things, rng.randint(4, min(6, len(things)))) for _ in range(rng.randint(2, 3))]


def _joined(things: list[str], words: Words) -> str:
    return ("、" if words.language == "zh" else ", ").join(things)


def _solve_sort(slots: Slots, rng: random.Random, words: Words) -> Answers:
    """By the alphabet in English, by length (then as given) in Chinese."""
    answers: Answers = []
    for each in _listed(slots, rng, words):
        ordered = sorted(each, key=len) if words.language == "zh" else sorted(each, key=str.lower)
        answers.append((_joined(each, words), {"result": _joined(ordered, words)}))
    return answers


def _solve_reverse(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return [(_joined(each, words), {"result": _joined(each[::-1], words)}) for each in _listed(slots, rng, words)]


def _solve_longest(slots: Slots, rng: random.Random, words: Words) -> Answers:
    answers: Answers = []
    for each in _listed(slots, rng, words):
        longest = max(each, key=len)
        if sum(len(thing) == len(longest) for thing in each) == 1:
            answers.append((_joined(each, words), {"result": longest, "size": str(len(longest))}))
    return answers


def _solve_repeats(slots: Slots, rng: random.Random, words: Words) -> Answers:
    answers: Answers = []
    for each in _listed(slots, rng, words):
        doubled = [*each, *rng.sample(each, 2)]
        rng.shuffle(doubled)
        answers.append((_joined(doubled, words), {"result": _joined(list(dict.fromkeys(doubled)), words)}))
    return answers


def _solve_bullets(slots: Slots, rng: random.Random, words: Words) -> Answers:
    lists = _listed(slots, rng, words)
    return [(_joined(each, words), {"result": "\n".join(f"- {thing}" for thing in each)}) for each in lists]


def _draw_notes(rng: random.Random, words: Words) -> dict[str, str]:
    return {"source": rng.choice(words["sources"])}


def _notes(rng: random.Random, words: Words) -> tuple[str, dict[str, str]]:
    """A short message made of a person, a thing, a number and a time; what went in is known."""
    values = {
        "name": rng.choice(words["names"]),
        "thing": rng.choice(words["countables"]),
        "number": str(rng.randint(3, 40)),
        "time": f"{rng.randint(7, 19)}:{rng.randrange(0, 60, 5):02d}",
        "day": rng.choice(words["weekdays"]),
    }
    return rng.choice(words["messages"]).format(**values), values


def _solve_numbers_in_notes(slots: Slots, rng: random.Random, words: Words) -> Answers:
    return [(text, values) for text, values in (_notes(rng, words) for _ in range(rng.randint(2, 3)))]


def _draw_replacement(rng: random.Random, words: Words) -> dict[str, str]:
    old, new = rng.choice(words["replacements"])
    return {"old": old, "new": new}


def _solve_replacement(slots: Slots, rng: random.Random, words: Words) -> Answers:
    old, new = slots["old"], slots["new"]
    held = [text for text in words["sentences"] if re.search(rf"(?<![A-Za-z]){re.escape(old)}(?![A-Za-z])", text)]
    edge = rf"(?<![A-Za-z]){re.escape(old)}(?![A-Za-z])"
    return [(text, {"result": re.sub(edge, new, text)}) for text in rng.sample(held, min(2, len(held)))]


def _draw_quote(rng: random.Random, words: Words) -> dict[str, str] | None:
    short = [text for text in words.texts if 8 <= len(text) <= 90 and not _QUOTES.search(text)]
    return {"quote": rng.choice(short)} if short else None


def _solve_quote(slots: Slots, rng: random.Random, words: Words) -> Answers:
    found = _WORD.findall(slots["quote"])
    return [("", {"count": str(len(found)), "first": found[0], "last": found[-1]})] if found else []


def _draw_topic(rng: random.Random, words: Words) -> dict[str, str] | None:
    """A long word of the seeds in English, a thing of our own in Chinese, where words are not marked off."""
    if words.language == "zh":
        return {"topic": rng.choice([thing for things in words["kinds"].values() for thing in things])}
    found = sorted({word.lower() for text in words.texts for word in _LONG_WORD.findall(text)})
    return {"topic": rng.choice(found)} if found else None


def _solve_topic(slots: Slots, rng: random.Random, words: Words) -> Answers:
    topic = slots["topic"]
    return [("", {"size": str(len(topic)), "first": topic[0], "last": topic[-1], "spelled": "-".join(topic)})]


EXERCISES = (
    Exercise("count", _draw_subject, _solve_count),
    Exercise("ends", _draw_subject, _solve_ends),
    Exercise("sort", _draw_kind, _solve_sort),
    Exercise("reverse", _draw_kind, _solve_reverse),
    Exercise("longest", _draw_kind, _solve_longest),
    Exercise("repeats", _draw_kind, _solve_repeats),
    Exercise("bullets", _draw_kind, _solve_bullets),
    Exercise("who", _draw_notes, _solve_numbers_in_notes),
    Exercise("when", _draw_notes, _solve_numbers_in_notes),
    Exercise("how_many", _draw_notes, _solve_numbers_in_notes),
    Exercise("replacement", _draw_replacement, _solve_replacement),
    Exercise("quote", _draw_quote, _solve_quote),
    Exercise("spelling", _draw_topic, _solve_topic),
)
