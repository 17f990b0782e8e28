"""Complex from simple by rules: a student who forgets a constraint now and then, and a teacher who is not always at his
best either."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.quality.constraints import holds
from generation.quality.constraints.counting import bare
from generation.quality.text import tokens
from generation.recipes.offline import exercises
from generation.recipes.offline.constrained_texts import meet, mend, words_of

_FORGOTTEN = 0.35
_SPOILT_KEYWORDS = 0.1
_SPOILT_ANSWER = 0.04
_LAZY_TEACHER = 0.03
_NO_FORM = 0.03
_CARELESS = 0.06


def keywords(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A JSON list of words of the task and of everyday life."""
    words = words_of(variables["language"])
    if rng.random() < _SPOILT_KEYWORDS:
        return str(words["prose"])
    chinese = variables["language"] == "zh"
    known = list(dict.fromkeys(each.split()[-1] for each in exercises.words_of("zh" if chinese else "en")["goods"]))
    told = [word for word in tokens(variables["row"]) if len(word) > 4 and word.isalpha()]
    chosen = list(dict.fromkeys([*told[:4], *rng.sample(known, 6)]))
    return json.dumps(chosen, ensure_ascii=False)


def answer(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A short answer that meets most of the constraints."""
    words = words_of(variables["language"])
    if rng.random() < _SPOILT_ANSWER:
        return str(rng.choice([words["refusal"], "TODO"]))
    solved = exercises.instances(variables["task"], rng)
    plain = ("" if variables["language"] == "zh" else " ").join(rng.sample(words["sentences"], 3))
    text = solved[0][1] if solved and bare(solved[0][1]) else plain
    kept = [each for each in variables["demands"] if rng.random() >= _FORGOTTEN]
    return meet(text, kept, language=variables["language"])


def correct(variables: Mapping[str, Any], rng: random.Random) -> str:
    """An analysis and the response with the constraint met, as far as the others allow."""
    language, text = variables["language"], variables["text"]
    words, demands, at = words_of(language), variables["demands"], variables["at"]
    chance = rng.random()
    if chance < _NO_FORM:
        return str(words["analysis"])
    if chance < _NO_FORM + _CARELESS:  # mends the one and forgets the others
        text = mend(text, demands[at], language=language)
    elif chance >= _NO_FORM + _CARELESS + _LAZY_TEACHER:
        text = meet(text, _wanted(text, demands, at), language=language)
    return f"{words['analysis']}\n{words['marker']}\n{text}"


def _wanted(text: str, demands: Any, at: int) -> list[Any]:
    """The constraint in question and those that the text meets: the others have corrections of their own."""
    return [each for place, each in enumerate(demands) if place == at or holds(text, each)]


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "complex_from_simple.keywords": keywords,
    "complex_from_simple.answer": answer,
    "complex_from_simple.correct": correct,
}
