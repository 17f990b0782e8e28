"""A search by rules: instructions are made of advice, and every good piece of advice lets more questions be answered.

Some proposals are spoilt in the ways that the recipe's filters know.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Mapping
from typing import Any

_ADVICE = {
    "en": (
        "Think step by step.", "Answer briefly.", "Check your result once more.", "Use the words of the question.",
        "Name the answer first.", "Leave out what was not asked.", "Take your time.", "Be friendly.",
    ),
    "zh": (
        "请一步一步思考。", "回答要简短。", "请再检查一遍结果。", "使用问题中的词语。", "先说出答案。",
        "不要写没有问到的内容。", "慢慢来。", "语气要友好。",
    ),
}  # fmt: skip
_GOOD = 6
"""So many of the advices, from the first on, help."""
_PLAIN = {
    "en": ("I do not know.", "I would say {}.", "It is met.\nScore: {}", "I find it hard to say."),
    "zh": ("我不知道。", "我认为是{}。", "符合要求。\n评分：{}", "很难说。"),
}
_SPOILT = 0.05


def propose(variables: Mapping[str, Any], rng: random.Random) -> str:
    """The best text so far with one piece of advice more or another; now and then without its tags, or the same."""
    language = _language(variables)
    advice, tried = _ADVICE[language], variables["tried"]
    best = str(tried[-1][0]) if tried else ""
    chance = rng.random()
    if chance < _SPOILT:
        return advice[0]
    if chance < 2 * _SPOILT:
        return f"<INS>{best or advice[0]}</INS>"
    if chance < 3 * _SPOILT:
        return f"<INS>{advice[0]} [INS]</INS>"
    if chance < 4 * _SPOILT:
        return f"<INS>{' '.join(advice) * 8}</INS>"
    kept = [each for each in advice if each in best]
    more = [each for each in advice if each not in kept]
    chosen = [*kept, *rng.sample(more, min(len(more), rng.choice((1, 1, 2))))]
    rng.shuffle(chosen)
    return f"<INS>{('' if language == 'zh' else ' ').join(chosen)}</INS>"


def answer(variables: Mapping[str, Any], rng: random.Random) -> str:
    """The right answer, the oftener the more good advice the instruction gives."""
    language = _language(variables)
    helped = sum(each in variables["text"] for each in _ADVICE[language][:_GOOD])
    weight = int(hashlib.sha256(str(variables["question"]).encode()).hexdigest()[:8], 16) / 2**32
    unknown, said, _, _ = _PLAIN[language]
    known = weight < (helped + 1) / (_GOOD + 1)
    return said.format(variables["answer"] or "x") if known else unknown


def judge(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A high score for an answer that is one."""
    unknown, _, score, unsure = _PLAIN[_language(variables)]
    if rng.random() < _SPOILT:
        return unsure
    return score.format(2 if variables["said"] == unknown else 9)


def _language(variables: Mapping[str, Any]) -> str:
    return "zh" if variables["language"] == "zh" else "en"


RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {
    "prompt_optimisation.propose": propose,
    "prompt_optimisation.answer": answer,
    "prompt_optimisation.judge": judge,
}
