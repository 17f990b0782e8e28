"""Scores by rules: longer tasks with more conditions count as harder, fuller answers as better. Now and then no score,
or one off the scale."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

from generation.quality.constraints.counting import count_words, sentences

_UNREADABLE = 0.04
_OFF_SCALE = 0.03
_TEXTS = {
    "en": ("It is what its length and its parts suggest.", "Score: {}", "I would rather not put a number to it."),
    "zh": ("从篇幅和组成部分来看就是如此。", "评分：{}", "我不便给出一个数字。"),
}


def complexity(variables: Mapping[str, Any], rng: random.Random) -> str:
    """By the words and sentences of the task."""
    task = variables["texts"][0]
    return _said(variables, rng, (count_words(task) / 25 + len(sentences(task)) / 3) / 3)


def quality(variables: Mapping[str, Any], rng: random.Random) -> str:
    """By the words of the answer, and a little chance."""
    return _said(variables, rng, count_words(variables["texts"][1]) / 40 + rng.random() * 0.4)


def _said(variables: Mapping[str, Any], rng: random.Random, share: float) -> str:
    reason, line, none = _TEXTS["zh" if variables["language"] == "zh" else "en"]
    low, high = int(variables["low"]), int(variables["high"])
    chance = rng.random()
    if chance < _UNREADABLE:
        return none
    value = high + 3 if chance < _UNREADABLE + _OFF_SCALE else low + round(min(share, 1.0) * (high - low))
    return f"{reason}\n{line.format(value)}"


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "quality_scoring.complexity": complexity,
    "quality_scoring.quality": quality,
    "quality_scoring.rubric": quality,
}
