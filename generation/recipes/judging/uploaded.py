"""Scores, ranks or thumbs that came with the answers: no model is asked, and nothing is rescaled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.recipes.base import Context, PromptSlot
from generation.recipes.judging.base import Judging, Question, Verdict
from generation.types import N_, AnswerView, Score


class Uploaded:
    """Takes the signal that most answers came with: a score before a rank, a rank before a thumb."""

    name = "uploaded"
    title = N_("Scores, ranks or thumbs that came with the answers")
    compares = False
    asks_model = False
    slots: tuple[PromptSlot, ...] = ()

    def scale(self, params: Any) -> tuple[float, float]:
        """The scale of scores that came without one; others keep their own."""
        return float(params.low), float(params.high)

    def calls(self, answers: int, params: Any) -> int:
        """None."""
        return 0

    def judge(self, question: Question, texts: Sequence[str], context: Context, *, part: str) -> Judging:
        """Scores on one scale; an answer whose score is on another, or off its own, has none and says why."""
        yield from ()
        given = question.given
        if len(given) != len(texts):
            return Verdict((None,) * len(texts), faults=((-1, "no_scores"),))
        signals = {
            "score": sum(each.score is not None for each in given),
            "rank": sum(each.rank is not None for each in given),
            "good": sum(each.good is not None for each in given),
        }
        signal = max(signals, key=lambda name: signals[name])
        read = [_READERS[signal](each, given, self.scale(context.params)) for each in given]
        scales = [(each.low, each.high) for each in read if isinstance(each, Score)]
        usual = max(dict.fromkeys(scales), key=scales.count) if scales else None
        read = ["other_scale" if isinstance(each, Score) and (each.low, each.high) != usual else each for each in read]
        return Verdict(
            tuple(each if isinstance(each, Score) else None for each in read),
            faults=tuple((at, each) for at, each in enumerate(read) if isinstance(each, str)),
            notes={"signal": signal},
        )


def _by_score(view: AnswerView, given: Sequence[AnswerView], scale: tuple[float, float]) -> Score | str:
    if view.score is None:
        return "no_scores"
    low, high = scale if view.low is None or view.high is None else (view.low, view.high)
    return Score(view.score, low, high) if low <= view.score <= high else "off_scale"


def _by_rank(view: AnswerView, given: Sequence[AnswerView], scale: tuple[float, float]) -> Score | str:
    """How many places an answer stands before the last: rank 1 of 4 is 3 on a scale from 0 to 3."""
    last = max((each.rank for each in given if each.rank is not None), default=1)
    if view.rank is None:
        return "no_scores"
    return Score(float(last - view.rank), 0.0, float(max(last - 1, 1)))


def _by_thumb(view: AnswerView, given: Sequence[AnswerView], scale: tuple[float, float]) -> Score | str:
    return "no_scores" if view.good is None else Score(float(view.good), 0.0, 1.0)


_READERS = {"score": _by_score, "rank": _by_rank, "good": _by_thumb}
JUDGE = Uploaded()
