"""Verdicts by rules: how many words of the task an answer takes up, how full it is, whether it refuses or begs.

Labelled as rules wherever they are shown. Now and then a reply that cannot be read, or a liking for the left side.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.preferences.injection import speaks_to_judge
from generation.preferences.likeness import rouge_l
from generation.quality.checks.refusal import is_refusal
from generation.quality.text import tokens

_UNREADABLE = 0.03
_OFF_SCALE = 0.02
_LEFT_HANDED = 0.06
_EQUAL = 0.015
_FULL = 120
_TEXTS = {
    "en": {
        "reason": "By its length and the words that it shares with the task.",
        "none": "Both have something to be said for them.",
        "steps": [
            "Read the task and note everything that it asks for.",
            "Check whether the answer does each of these.",
            "Look for statements that are wrong or cannot be checked.",
            "Judge whether the answer is clear and as long as the task needs.",
            "Place the answer on the scale by what the rubric says of its levels.",
        ],
    },
    "zh": {
        "reason": "依据其篇幅以及与任务共有的词语。",
        "none": "两者各有可取之处。",
        "steps": [
            "阅读任务，记下它的每一项要求。",
            "检查回答是否做到了每一项。",
            "找出错误或无法核对的说法。",
            "判断回答是否清楚、篇幅是否与任务相称。",
            "根据评分标准对各等级的说明，确定回答在量表上的位置。",
        ],
    },
}  # fmt: skip


def single(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A score between the ends of the scale."""
    words, chance = _words(variables), rng.random()
    if chance < _UNREADABLE:
        return str(words["none"])
    low, high = float(variables["low"]), float(variables["high"])
    task, text = variables["texts"]
    value = (
        high + 3
        if chance < _UNREADABLE + _OFF_SCALE
        else low + round(2 * worth(task, text, variables["known"]) * (high - low)) / 2
    )
    return _json({"reason": words["reason"], "score": min(value, high) if value <= high else value})


def pairwise(variables: Mapping[str, Any], rng: random.Random) -> str:
    """The answer of more worth; now and then the left one."""
    words, chance = _words(variables), rng.random()
    if chance < _UNREADABLE:
        return str(words["none"])
    task, left, right = variables["texts"]
    gain = worth(task, left, variables["known"]) - worth(task, right, variables["known"])
    winner = "tie" if abs(gain) < _EQUAL else ("A" if gain > 0 else "B")
    if chance > 1 - _LEFT_HANDED:
        winner = "A"
    return _json({"reason": words["reason"], "winner": winner})


def aspects(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A rating for each text; now and then one too few."""
    words, chance = _words(variables), rng.random()
    task, *texts = variables["texts"]
    ratings = [
        {"text": number, "rationale": words["reason"], "rating": str(_rating(task, text, variables, rng))}
        for number, text in enumerate(texts, 1)
    ]
    return _json({"ratings": ratings[:-1] if chance < _UNREADABLE else ratings})


def steps(variables: Mapping[str, Any], rng: random.Random) -> str:
    """Five steps that fit any rubric."""
    return _json({"steps": _words(variables)["steps"]})


def form(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A score near the worth of the answer, as samples scatter."""
    low, high = float(variables["low"]), float(variables["high"])
    task, text = variables["texts"]
    value = low + worth(task, text, variables["known"]) * (high - low) + rng.gauss(0, (high - low) / 12)
    return _json({"score": round(min(high, max(low, value)))})


def worth(task: str, text: str, known: str) -> float:
    """0 to 1 by rules: fullness, words of the task taken up, likeness to what is known; begging and refusing are 0."""
    said = tokens(text)
    if not said or is_refusal(text) or speaks_to_judge(text):
        return 0.0
    asked = set(tokens(task))
    taken = len(asked & set(said)) / len(asked) if asked else 0.0
    variety = len(set(said)) / len(said)
    found = 0.2 + 0.4 * min(1.0, len(said) / _FULL) + 0.2 * taken + 0.2 * variety
    return 0.5 * found + 0.5 * rouge_l(text, known) if known.strip() else found


def _rating(task: str, text: str, variables: Mapping[str, Any], rng: random.Random) -> int | str:
    if variables["not_applicable"] and rng.random() < _LEFT_HANDED:
        return "N/A"
    return 1 + round(4 * min(1.0, worth(task, text, variables["known"]) + 0.2 * (rng.random() - 0.5)))


def _words(variables: Mapping[str, Any]) -> Any:
    return _TEXTS["zh" if variables["language"] == "zh" else "en"]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "judging.single": single,
    "judging.pairwise": pairwise,
    "judging.aspects": aspects,
    "judging.steps": steps,
    "judging.g_eval": form,
}
