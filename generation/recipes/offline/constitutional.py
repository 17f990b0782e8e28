"""Critique and revision by rules: a revision adds the sentence that its principle asks for, or changes nothing."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.recipes.wording import one_line

_SPOILT = 0.05
_KEEPS = 0.45
_LONGEST_QUOTE = 120
_WORDS = {
    "en": {
        "outline": "Outline of an answer to \"{asked}\": the subject, three facts, and what follows from them.",
        "fine": "The answer keeps to the principle throughout.",
        "critique": "Under this principle the answer falls short: it leaves unsaid what \"{rule}\" asks for.",
        "additions": (
            "Where you are unsure, check it with somebody who knows the matter.",
            "This holds in most cases, not in all of them.",
            "Others see it differently, and with good reasons.",
            "Please look up the figures again before you rely on them.",
        ),
        "talk": "Here is the revised answer: {said}",
        "foreign": "这里给出修改之后的内容，请注意核对其中的事实。",
    },
    "zh": {
        "outline": "关于“{asked}”的回答提纲：主题、三条事实，以及由此得出的结论。",
        "fine": "回答完全符合这条原则。",
        "critique": "依据这条原则，回答有不足之处：没有做到“{rule}”。",
        "additions": (
            "不确定的地方，请向了解情况的人核实。",
            "这在多数情况下成立，但并非总是如此。",
            "也有人持不同看法，而且理由充分。",
            "引用其中的数字之前，请再查证一遍。",
        ),
        "talk": "以下是修改后的回答：{said}",
        "foreign": "Here is the same thing said in another language, so please check the facts.",
    },
}  # fmt: skip


def answer(variables: Mapping[str, Any], rng: random.Random) -> str:
    """An outline that quotes the request; now and then nothing."""
    if rng.random() < _SPOILT:
        return ""
    return str(_words(variables)["outline"]).format(asked=_quote(variables["task"]))


def critique(variables: Mapping[str, Any], rng: random.Random) -> str:
    """What is missing, or that nothing is."""
    words = _words(variables)
    fine = rng.random() < _KEEPS
    return str(words["fine"]) if fine else str(words["critique"]).format(rule=_quote(variables["rule"]))


def revise(variables: Mapping[str, Any], rng: random.Random) -> str:
    """The answer with one sentence more, word for word where nothing was found; now and then talk about it."""
    words, said = _words(variables), str(variables["said"])
    if rng.random() < _SPOILT:
        return str(rng.choice([words["talk"].format(said=said), words["foreign"], ""]))
    if str(words["fine"]) in str(variables["critique"]):
        return said
    fresh = [each for each in words["additions"] if each not in said]
    return f"{said} {rng.choice(fresh)}" if fresh else said


def _quote(text: str) -> str:
    short = one_line(str(text))
    return short if len(short) <= _LONGEST_QUOTE else short[:_LONGEST_QUOTE] + "…"


def _words(variables: Mapping[str, Any]) -> Any:
    return _WORDS["zh" if variables["language"] == "zh" else "en"]


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "constitutional.answer": answer,
    "constitutional.critique": critique,
    "constitutional.revise": revise,
}
