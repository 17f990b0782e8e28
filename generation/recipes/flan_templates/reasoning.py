"""Answers that come with their steps: told apart, and put together again as a chain of thought."""

from __future__ import annotations

import re

_HASHES = re.compile(r"\n\s*#{4}\s*(.+?)\s*$")
_CLOSING = re.compile(
    r"(?:^|(?<=[.!?。！？；;，,\n]))\s*(?:so|therefore|thus|hence|因此|所以|综上|故)?[，,]?\s*"
    r"(?:the\s+(?:final\s+)?answer\s+is|(?:最终|最后的?)?答案(?:就?是|为))[:：]?\s*(.+?)[.。!！]?\s*$",
    re.IGNORECASE,
)
_LONGEST_ANSWER = 200

TRIGGERS = {
    "en": (
        "Let's think step by step.",
        "Work it out step by step before you give the answer.",
        "Explain your reasoning first, then state the answer.",
        "Think it through, one step after another.",
    ),
    "zh": (
        "让我们一步一步地思考。",
        "请先逐步推理，再给出答案。",
        "先说明理由，然后写出答案。",
        "请把思考过程一步步写清楚。",
    ),
}
_ANSWER = {"en": "{steps} The answer is {answer}.", "zh": "{steps}因此，答案是{answer}。"}


def split(output: str) -> tuple[str, str]:
    """(steps, answer) of an output that ends in "the answer is ...", its Chinese like, or a #### line; ("", output)
    where nothing tells them apart."""
    for pattern in (_HASHES, _CLOSING):
        found = pattern.search(output)
        if found and output[: found.start()].strip() and len(found[1]) <= _LONGEST_ANSWER and "\n" not in found[1]:
            return output[: found.start()].strip(), found[1].strip()
    return "", output


def joined(steps: str, answer: str, *, language: str) -> str:
    """The steps, and behind them what the answer is."""
    steps = steps.strip()
    if steps and steps[-1] not in ".!?。！？;；:：":
        steps += "。" if language == "zh" else "."
    bare = answer.strip().rstrip(".。")
    return _ANSWER[language].format(steps=steps, answer=bare)


def trigger(language: str, number: int) -> str:
    """One of the sentences that ask for the steps, in turn."""
    return TRIGGERS[language][number % len(TRIGGERS[language])]
