"""Evol-Instruct by rules: instructions grow by a sentence, answers are outlines that say what they are.

A share of the replies is spoilt on purpose, in every way that the four rules of elimination and the checks know.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generation.quality.text import tokens
from generation.recipes.evol_instruct.demonstrations import FORMATS, demonstration
from generation.recipes.evol_instruct.params import OPERATIONS
from generation.recipes.wording import language_of

_SPOILT = 0.14
_SPOILT_VERDICT = 0.03
_SPOILT_ANSWER = 0.12
_LONGEST_QUOTE = 200
_BEHIND_DATA = {"en": "What do these data say about it?", "zh": "这些数据对此说明了什么？"}

Rule = Callable[[Mapping[str, Any], random.Random], str]


def _evolving(operation: str) -> Rule:
    def evolve(variables: Mapping[str, Any], rng: random.Random) -> str:
        """The given instruction after the operation; now and then something that must be eliminated."""
        given, words = str(variables["given"]), _words(variables)
        spoilt = _spoilt(given, operation, rng, words) if rng.random() < _SPOILT else ""
        return spoilt or _evolved(given, operation, variables, rng, words)

    return evolve


def equal(variables: Mapping[str, Any], rng: random.Random) -> str:
    """Equal where the second says hardly a word that the first does not."""
    words = _words(variables)
    if rng.random() < _SPOILT_VERDICT:
        return str(words["equal"][2])
    more = set(tokens(variables["evolved"])) - set(tokens(variables["given"]))
    return str(words["equal"][0 if len(more) < 2 else 1])


def answer(variables: Mapping[str, Any], rng: random.Random) -> str:
    """An outline that quotes what is asked; now and then no answer at all."""
    words = _words(variables)
    if rng.random() < _SPOILT_ANSWER:
        return str(rng.choice([words[name] for name in ("sorry", "stop", "declined", "placeholder")]))
    asked = " ".join(str(variables["given"]).split())
    short = asked if len(asked) <= _LONGEST_QUOTE else asked[:_LONGEST_QUOTE] + "…"
    return str(words["outline"]).format(asked=short)


def difficulty(variables: Mapping[str, Any], rng: random.Random) -> str:
    """By its length; now and then without a figure."""
    words = _words(variables)
    if rng.random() < _SPOILT_VERDICT:
        return str(words["no_score"])
    return str(words["score"]).format(score=min(10, 1 + len(tokens(variables["given"])) // 12))


def _evolved(given: str, operation: str, variables: Mapping[str, Any], rng: random.Random, words: Any) -> str:
    if operation == "breadth":
        return str(rng.choice(words["breadth"])).format(thing=rng.choice(words["things"]))
    if operation == "input":
        language = _language(variables)
        name = variables.get("format") or rng.choice(FORMATS)
        data = demonstration(name, language=language).partition("\n")[2].partition("\n")[2]
        return f"{given}\n{_BEHIND_DATA[language]}\n{data}"
    unused = [each for each in words[operation] if each not in given]
    joint = "" if _language(variables) == "zh" else " "
    return given + joint + str(rng.choice(unused or words[operation]))


def _spoilt(given: str, operation: str, rng: random.Random, words: Any) -> str:
    kind = rng.choice(("same", "polite", "leaked", "other", "refusal", "long", "control"))
    return {
        "same": given.rstrip(".。") + " ",
        "polite": words["polite"] + given,
        "leaked": words["leaked"] + given,
        "other": words["other"],
        "refusal": words["refusal"],
        "long": given + " " + " ".join(words["constraints"]) * 12,
        "control": given + "\x07 " + words["constraints"][0],
    }[kind]


def _language(variables: Mapping[str, Any]) -> str:
    return language_of(str(variables["given"]), otherwise="zh" if variables["language"] == "zh" else "en")


def _words(variables: Mapping[str, Any]) -> Any:
    return _table()[_language(variables)]


@cache
def _table() -> Any:
    return json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


RULES: Mapping[str, Rule] = {
    **{f"evol_instruct.{operation}": _evolving(operation) for operation in OPERATIONS},
    "evol_instruct.equal": equal,
    "evol_instruct.answer": answer,
    "evol_instruct.difficulty": difficulty,
}
