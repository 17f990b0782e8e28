"""Simple signals of our own, for a first sorting without any model. They see form, never truth."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

from generation.preferences.likeness import rouge_l
from generation.quality.checks.refusal import is_refusal
from generation.quality.language import detect
from generation.quality.text import tokens
from generation.recipes.base import Context, PromptSlot
from generation.recipes.judging.base import Judging, Question, Verdict
from generation.types import N_, Score

LEAST_WORDS, MOST_WORDS = 5, 400
"""An answer of so many words, each CJK character a word, is neither too short nor too long."""
_WINDOW = 4


class Heuristics:
    """The mean of length, refusal, language, repetition and, where there is a reference, likeness to it."""

    name = "heuristics"
    title = N_("Simple signals of form, no model")
    compares = False
    asks_model = False
    slots: tuple[PromptSlot, ...] = ()

    def scale(self, params: Any) -> tuple[float, float]:
        """0 to 1."""
        return 0.0, 1.0

    def calls(self, answers: int, params: Any) -> int:
        """None."""
        return 0

    def judge(self, question: Question, texts: Sequence[str], context: Context, *, part: str) -> Judging:
        """A score for each text that is not empty."""
        yield from ()
        aspects = [signals(question, text) for text in texts]
        return Verdict(
            tuple(Score(fmean(each.values()), 0.0, 1.0) if each else None for each in aspects),
            tuple({name: Score(value, 0.0, 1.0) for name, value in each.items()} for each in aspects),
            faults=tuple((at, "empty_answer") for at, each in enumerate(aspects) if not each),
        )


def signals(question: Question, text: str) -> dict[str, float]:
    """Signal -> 0 (bad) to 1 (good); empty for an empty text."""
    words = tokens(text)
    if not words:
        return {}
    spoken, wanted = detect(text), question.language or detect(question.task)
    found = {
        "length": min(1.0, len(words) / LEAST_WORDS, MOST_WORDS / len(words)),
        "no_refusal": 0.0 if is_refusal(text) else 1.0,
        "language": 1.0 if not spoken or not wanted or spoken == wanted else 0.0,
        "no_repetition": _distinct(words),
    }
    if question.reference.strip():
        found["likeness"] = rouge_l(text, question.reference)
    return found


def _distinct(words: Sequence[str]) -> float:
    """The share of windows of four words that occur once only; 1 for a text that is shorter."""
    windows = [tuple(words[at : at + _WINDOW]) for at in range(len(words) - _WINDOW + 1)]
    return len(set(windows)) / len(windows) if windows else 1.0


JUDGE = Heuristics()
