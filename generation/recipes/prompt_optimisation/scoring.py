"""Scores: what an instruction is worth, by the answers that it brings on rows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

from generation.quality.checks import check
from generation.quality.constraints.counting import bare
from generation.quality.text import comparison_key
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.prompt_optimisation.course import HELD_OUT, SCORE, TRAIN, course_of
from generation.recipes.prompt_optimisation.params import Params
from generation.recipes.prompt_optimisation.placing import placed, start_of
from generation.recipes.prompt_optimisation.rows import Row, split
from generation.recipes.score_replies import last_score
from generation.recipes.wording import fence
from generation.types import Draft, PoolView, Prompt, Reply, Sampling, Task

ANSWER = PromptSlot("prompt_optimisation.answer", ("task",), ("task",))
JUDGE = PromptSlot("prompt_optimisation.judge", ("question", "answer", "rubric"), ("question", "answer"))
_LOW, _HIGH = 1, 10
_RUBRIC = {
    "en": "10: correct, complete and clear. 5: partly right. 1: wrong or of no use.",
    "zh": "10：正确、完整、清楚。5：部分正确。1：错误或无用。",
}


class ScoreTexts:
    """One task for each instruction and share of the rows."""

    name = SCORE
    prompts: tuple[PromptSlot, ...] = (ANSWER, JUDGE)
    checks: tuple[str, ...] = ()
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The first instructions, then each step's proposals, and the best so far on held-out rows."""
        params, course = context.params, course_of(pool, context.params)
        train, held_out = split(pool, params)
        if params.objective == "approval" or not train:
            return []
        if not pool.planned.get(self.name):
            return [_payload(text or start_of(context.language), 0, TRAIN, train) for text in params.first()]
        found = [
            _payload(view.draft.instruction, view.draft.data["step"], TRAIN, train) for view in course.fresh
        ]  # fmt: skip
        if course.to_evaluate and course.best and held_out:
            found.append(_payload(course.best.text, course.best.step, HELD_OUT, held_out))
        return found

    def work(self, task: Task, context: Context) -> Work:
        """An answer for each row, and a judgement of it where a judge decides. The score is the mean in hundredths."""
        payload, params = task.payload, context.params
        rows = [Row(*each) for each in payload["rows"]]
        replies = yield [_answer_prompt(payload["text"], row, context) for row in rows]
        assert isinstance(replies, list)
        if params.objective == "judge":
            values = yield from _judged(rows, replies, context)
        else:
            worth, both = _WORTH[params.objective], zip(rows, replies, strict=True)
            values = [None if reply.failed else worth(reply.text, row, params) for row, reply in both]
        known = [value for value in values if value is not None]
        if not known:
            return [_draft(payload, drop_reason="call_failed" if all(r.failed for r in replies) else "invalid_score")]
        return [_draft(payload, score=100 * sum(known) / len(known), rows=len(known))]


def _payload(text: str, step: int, share: str, rows: Sequence[Row]) -> dict[str, Any]:
    return {"text": text, "step": step, "split": share, "rows": [row.payload() for row in rows]}


def _answer_prompt(text: str, row: Row, context: Context) -> Prompt:
    params = context.params
    task = placed(text, row.question, params.position, language=context.language)
    variables = {
        "task": fence(task), "text": text, "question": row.question, "answer": row.answer,
        "language": context.language,
    }  # fmt: skip
    return Prompt(ANSWER.name, context.messages(ANSWER.name, variables), variables, Sampling(params.answer_tokens, 0.0))


def _judged(
    rows: Sequence[Row], replies: Sequence[Reply], context: Context
) -> Generator[Prompt | list[Prompt], Reply | list[Reply], list[float | None]]:
    """Each answer's score from 1 to 10 as a share of the scale; None where there is no answer or no readable score."""
    answered = [at for at, reply in enumerate(replies) if not reply.failed]
    values: list[float | None] = [None] * len(rows)
    if not answered:
        return values
    said = yield [_judge_prompt(rows[at], replies[at], context) for at in answered]
    assert isinstance(said, list)
    for at, reply in zip(answered, said, strict=True):
        value = None if reply.failed else last_score(reply.text, low=_LOW, high=_HIGH)
        values[at] = None if value is None else (value - _LOW) / (_HIGH - _LOW)
    return values


def _judge_prompt(row: Row, reply: Reply, context: Context) -> Prompt:
    rubric = context.params.rubric or _RUBRIC["zh" if context.language == "zh" else "en"]
    known = f"\n\n({row.answer})" if row.answer else ""
    variables = {
        "question": fence(row.question + known), "answer": fence(reply.text), "rubric": fence(rubric),
        "said": reply.text, "right": row.answer, "language": context.language,
    }  # fmt: skip
    return Prompt(JUDGE.name, context.messages(JUDGE.name, variables), variables, Sampling(400, 0.0))


def _exact(reply: str, row: Row, params: Params) -> float:
    return float(bare(comparison_key(reply)) == bare(comparison_key(row.answer)))


def _contains(reply: str, row: Row, params: Params) -> float:
    return float(bare(comparison_key(row.answer)) in comparison_key(reply))


def _passes(reply: str, row: Row, params: Params) -> float:
    """The share of the checks that find nothing to object to."""
    draft = Draft("sample", instruction=row.question, output=reply.strip())
    return sum(not check(name)(draft, {}) for name in params.checks) / len(params.checks)


_WORTH: dict[str, Callable[[str, Row, Params], float]] = {"exact": _exact, "contains": _contains, "checks": _passes}


def _draft(payload: Any, *, drop_reason: str = "", **data: Any) -> Draft:
    kept = {"step": payload["step"], "split": payload["split"], **data}
    return Draft("instruction", instruction=payload["text"], data=kept, drop_reason=drop_reason)
