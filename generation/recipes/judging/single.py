"""One score for each answer, by a rubric on a declared scale (single-answer grading, arXiv 2306.05685)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from generation.recipes.base import Context, PromptSlot
from generation.recipes.judging.base import Judging, Question, Verdict
from generation.recipes.judging.fencing import data_fence
from generation.recipes.judging.params import rubric_text
from generation.recipes.judging.replies import ask_all, score_of
from generation.recipes.judging.wording import reference_block
from generation.recipes.wording import fence
from generation.types import N_, Prompt, Sampling, Score

SINGLE = PromptSlot(
    "judging.single", ("task", "answer", "reference", "rubric", "low", "high"),
    ("task", "answer", "rubric", "low", "high"),
)  # fmt: skip
SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "score": {"type": "number"}},
    "required": ["reason", "score"],
    "additionalProperties": False,
}


class Single:
    """Each answer by itself; a reference stands beside it where the question has one."""

    name = "single"
    title = N_("A score for each answer")
    compares = False
    asks_model = True
    slots: tuple[PromptSlot, ...] = (SINGLE,)

    def scale(self, params: Any) -> tuple[float, float]:
        """As the params declare it."""
        return float(params.low), float(params.high)

    def calls(self, answers: int, params: Any) -> int:
        """One for each answer."""
        return answers

    def judge(self, question: Question, texts: Sequence[str], context: Context, *, part: str) -> Judging:
        """A score for each text; `invalid_verdict` or `call_failed` where there is none."""
        low, high = self.scale(context.params)
        prompts = [_prompt(question, text, context, part) for text in texts]
        heard = yield from ask_all(prompts, lambda said: score_of(said, low=low, high=high))
        return Verdict(
            tuple(None if each.value is None else Score(each.value, low, high) for each in heard),
            faults=tuple((at, each.reason) for at, each in enumerate(heard) if each.reason),
        )


def _prompt(question: Question, text: str, context: Context, part: str) -> Prompt:
    params = context.params
    variables = {
        "task": data_fence(question.task, context.rng),
        "answer": data_fence(text, context.rng),
        "reference": reference_block(question.reference, context.language, context.rng),
        "rubric": fence(rubric_text(params, context.language)),
        "low": params.low,
        "high": params.high,
        "texts": [question.task, text],
        "known": question.reference,
        "language": context.language,
    }
    return Prompt(
        SINGLE.name, context.messages(SINGLE.name, variables), variables, Sampling(params.judge_tokens, 0.0, 1.0),
        SCHEMA, part=part,
    )  # fmt: skip


JUDGE = Single()
