"""A template with passages in it. What stands before them is the row's instruction, they and what follows its input.

A reader of many pages remembers their beginning and their end best, so that the question may stand at both; and an
answer that quotes first has found its place before it says anything (004-31).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generation.recipes.base import PromptText

_PASSAGES = re.compile(r"\{\{\s*passages\s*\}\}")
_GAPS = re.compile(r"\n{3,}")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "quote": "First quote, word for word, what your answer rests on, with the number of its passage; then answer.",
        "choose": "Answer with the letter of the right answer and its words.",
        "example": "Example {}\nQuestion: {}\nAnswer: {}",
        "options": "Answers to choose from:\n{}",
        "answer": "Quote [{}]: “{}”\nAnswer: {}",
    },
    "zh": {
        "quote": "先逐字引用你的答案所依据的原文并注明段落编号，然后作答。",
        "choose": "请用正确答案的字母和内容作答。",
        "example": "示例 {}\n问题：{}\n回答：{}",
        "options": "可选答案：\n{}",
        "answer": "引文 [{}]：“{}”\n回答：{}",
    },
}


@dataclass(frozen=True, slots=True)
class Rendered:
    """The texts of one row."""

    instruction: str
    input: str
    output: str


def render(template: PromptText, payload: Mapping[str, Any], *, language: str) -> Rendered:
    """The row of a payload: its passages numbered in their order, its question where the template has it."""
    words = _WORDS[language]
    options = "\n".join(f"{_letter(at)}. {text}" for at, text in enumerate(payload["options"]))
    examples = "\n\n".join(
        words["example"].format(at, each["question"], each["answer"]) for at, each in enumerate(payload["examples"], 1)
    )
    rules = [words["quote"]] if payload["quote"] else []
    rules += [words["choose"]] if options else []
    question = payload["question"] + ("\n" + words["options"].format(options) if options else "")
    variables = {
        "question": question,
        "rules": ("" if language == "zh" else " ").join(rules),
        "examples": examples,
        "passages": "",
    }
    before, after = _PASSAGES.split(template.text, maxsplit=1)
    shown = "\n\n".join(f"[{at}] {each['name']}\n{each['text']}" for at, each in enumerate(payload["passages"], 1))
    behind = _filled(after, variables)
    return Rendered(
        instruction=_filled(before, variables),
        input=f"{shown}\n\n{behind}" if behind else shown,
        output=_answer(payload, words),
    )


def _answer(payload: Mapping[str, Any], words: Mapping[str, str]) -> str:
    answer: str = payload["answer"]
    if payload["options"]:
        answer = f"{_letter(payload['option'])}. {answer}"
    return words["answer"].format(payload["gold"] + 1, payload["quote"], answer) if payload["quote"] else answer


def _filled(part: str, variables: Mapping[str, str]) -> str:
    text = "\n\n".join(message.content for message in PromptText(part).render(variables))
    return _GAPS.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _letter(at: int) -> str:
    return "ABCDEFGH"[at]
