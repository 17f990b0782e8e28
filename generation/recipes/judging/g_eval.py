"""G-Eval (arXiv 2303.16634): evaluation steps written once from the rubric, then a form filled in several times.

The score is the mean of the samples, which is what the paper's sum over token probabilities estimates: no server need
tell them.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, pstdev
from typing import Any

from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.judging.base import Judging, Question, Verdict
from generation.recipes.judging.fencing import data_fence
from generation.recipes.judging.params import rubric_text
from generation.recipes.judging.replies import Heard, ask_all, score_of, steps_of
from generation.recipes.judging.wording import reference_block
from generation.recipes.wording import fence, numbered
from generation.types import N_, Draft, PoolView, Prompt, Sampling, Score, Task

STEPS = PromptSlot("judging.steps", ("rubric", "low", "high"), ("rubric",))
FORM = PromptSlot(
    "judging.g_eval", ("task", "answer", "reference", "rubric", "steps", "low", "high"),
    ("task", "answer", "rubric", "steps", "low", "high"),
)  # fmt: skip
_TEMPERATURE = 1.0
_FORM_TOKENS = 40
FORM_SCHEMA = {
    "type": "object", "properties": {"score": {"type": "number"}}, "required": ["score"],
    "additionalProperties": False,
}  # fmt: skip
STEPS_SCHEMA = {
    "type": "object", "properties": {"steps": {"type": "array", "items": {"type": "string"}}}, "required": ["steps"],
    "additionalProperties": False,
}  # fmt: skip


class GEval:
    """Each answer is scored `samples` times by the steps of `params.steps`, else of the question, else its own."""

    name = "g_eval"
    title = N_("G-Eval: steps written once, the mean of many scores")
    compares = False
    asks_model = True
    slots: tuple[PromptSlot, ...] = (STEPS, FORM)

    def scale(self, params: Any) -> tuple[float, float]:
        """As the params declare it."""
        return float(params.low), float(params.high)

    def calls(self, answers: int, params: Any) -> int:
        """So many samples for each answer; the steps are written by a stage of their own."""
        return answers * int(params.samples)

    def judge(self, question: Question, texts: Sequence[str], context: Context, *, part: str) -> Judging:
        """The mean of the samples that could be read, where that is half of them or more."""
        params = context.params
        steps = tuple(params.steps) or question.steps
        if not steps:
            return Verdict((None,) * len(texts), faults=((-1, "missing_steps"),))
        low, high = self.scale(params)
        prompts = [
            each for text in texts for each in _prompts(question, text, steps, context, part)
        ]  # fmt: skip
        heard = yield from ask_all(prompts, lambda said: score_of(said, low=low, high=high))
        samples = [heard[at : at + params.samples] for at in range(0, len(heard), params.samples)]
        read = [[each.value for each in some if each.value is not None] for some in samples]
        good = [2 * len(values) >= params.samples for values in read]
        return Verdict(
            tuple(Score(fmean(values), low, high) if fine else None for values, fine in zip(read, good, strict=True)),
            faults=tuple((at, _why(samples[at])) for at, fine in enumerate(good) if not fine),
            notes={"read": [len(each) for each in read], "spread": [pstdev(each) if each else None for each in read]},
        )


class Steps:
    """The first stage of a recipe that judges by G-Eval: one task that writes the steps, none where they are given."""

    prompts: tuple[PromptSlot, ...] = ()  # the slots belong to the stage that judges
    checks: tuple[str, ...] = ()
    novel = False

    def __init__(self, recipe: str) -> None:
        self.name = f"{recipe}.steps"

    def wanted(self, params: Any) -> bool:
        """Whether a run with these params writes steps."""
        return params.judge == JUDGE.name and not params.steps

    def written(self, pool: PoolView) -> tuple[str, ...] | None:
        """The steps that the run wrote; None while it has not, () when it tried and could not."""
        for view in pool.admitted.get(self.name, ()):
            return tuple(view.draft.data["steps"])
        return () if pool.finished.get(self.name, 0) else None

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The one task."""
        return [{}] if self.wanted(context.params) and not pool.planned.get(self.name, 0) else []

    def work(self, task: Task, context: Context, *, part: str = "judge") -> Work:
        """A draft whose `data["steps"]` are the steps."""
        params = context.params
        rubric = rubric_text(params, context.language)
        variables = {
            "rubric": fence(rubric), "low": params.low, "high": params.high, "texts": [rubric],
            "language": context.language,
        }  # fmt: skip
        prompt = Prompt(
            STEPS.name, context.messages(STEPS.name, variables), variables, Sampling(params.judge_tokens, 0.0, 1.0),
            STEPS_SCHEMA, part=part,
        )  # fmt: skip
        [heard] = yield from ask_all([prompt], steps_of)
        if heard.value is None:
            return [Draft("instruction", instruction=rubric, drop_reason=heard.reason, data={"said": heard.text})]
        return [Draft("instruction", instruction=rubric, data={"steps": heard.value})]


def _why(samples: Sequence[Heard]) -> str:
    reasons = [each.reason for each in samples]
    return "call_failed" if reasons.count("call_failed") > reasons.count("invalid_verdict") else "invalid_verdict"


def _prompts(
    question: Question, text: str, steps: Sequence[str], context: Context, part: str
) -> list[Prompt]:  # fmt: skip
    params = context.params
    variables = {
        "task": data_fence(question.task, context.rng),
        "answer": data_fence(text, context.rng),
        "reference": reference_block(question.reference, context.language, context.rng),
        "rubric": fence(rubric_text(params, context.language)),
        "steps": fence(numbered(steps)),
        "low": params.low,
        "high": params.high,
        "texts": [question.task, text],
        "known": question.reference,
        "language": context.language,
    }
    messages = context.messages(FORM.name, variables)
    sampling = Sampling(_FORM_TOKENS, _TEMPERATURE, 1.0)
    return [
        Prompt(FORM.name, messages, variables, sampling, FORM_SCHEMA, sample_index=number, part=part)
        for number in range(params.samples)
    ]


JUDGE = GEval()
