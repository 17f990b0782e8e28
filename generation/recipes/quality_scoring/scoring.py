"""The one stage: a sample's aspects are judged side by side, and each score that can be read is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.quality_scoring.params import Params
from generation.recipes.score_replies import last_score
from generation.recipes.wording import fence
from generation.types import Draft, PoolView, Prompt, Reply, Sampling, Score, Task

COMPLEXITY = PromptSlot("quality_scoring.complexity", ("task",), ("task",))
QUALITY = PromptSlot("quality_scoring.quality", ("task", "answer"), ("task", "answer"))
RUBRIC = PromptSlot(
    "quality_scoring.rubric", ("task", "answer", "aspect", "rubric", "low", "high"),
    ("task", "answer", "rubric", "low", "high"),
)  # fmt: skip
_LOW, _HIGH = 1, 6


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing to be scored: its name, the prompt that asks for it, and its scale."""

    name: str
    slot: PromptSlot
    low: int
    high: int


class Scores:
    """One task for each sample."""

    name = "quality_scoring.scores"
    prompts: tuple[PromptSlot, ...] = (COMPLEXITY, QUALITY, RUBRIC)
    checks: tuple[str, ...] = ()
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next samples."""
        planned = pool.planned.get(self.name, 0)
        return [
            {
                "sample_id": sample.id,
                "instruction": sample.instruction,
                "task": _task(sample.system, sample.history, sample.instruction, sample.input),
                "answer": sample.output,
            }
            for sample in pool.samples[planned : planned + context.params.wave_size]
        ]

    def work(self, task: Task, context: Context) -> Work:
        """A judgement for each aspect; those of an answer only where there is one."""
        payload, params = task.payload, context.params
        wanted = _aspects(params)
        asked = [each for each in wanted if each.slot is COMPLEXITY or payload["answer"].strip()]
        replies = (yield [_prompt(each, payload, context) for each in asked]) if asked else []
        assert isinstance(replies, list)
        scores, drafts = {}, []
        for aspect, reply in zip(asked, replies, strict=True):
            value = None if reply.failed else last_score(reply.text, low=aspect.low, high=aspect.high)
            if value is None:
                drafts.append(_dropped(payload, aspect, _why(reply), said=reply.text))
            else:
                scores[aspect.name] = Score(value, aspect.low, aspect.high)
        drafts += [_dropped(payload, each, "missing_answer") for each in wanted if each not in asked]
        if "complexity" in scores and "quality" in scores:
            product = scores["complexity"].value * scores["quality"].value
            scores["evol"] = Score(product, _LOW * _LOW, _HIGH * _HIGH)
        return [*([_draft(payload, scores=scores)] if scores else []), *drafts]


def _aspects(params: Params) -> list[Aspect]:
    found = []
    if params.complexity:
        found.append(Aspect("complexity", COMPLEXITY, _LOW, _HIGH))
    if params.quality:
        found.append(Aspect("quality", QUALITY, _LOW, _HIGH))
    if params.aspect:
        found.append(Aspect(params.aspect, RUBRIC, params.low, params.high))
    return found


def _task(system: str, history: Any, instruction: str, given: str) -> str:
    """All that was asked, earlier turns included, as one text."""
    turns = [part for exchange in history for part in exchange]
    return "\n\n".join(part for part in (system, *turns, instruction, given) if part.strip())


def _prompt(aspect: Aspect, payload: Any, context: Context) -> Prompt:
    params = context.params
    variables = {
        "task": fence(payload["task"]), "answer": fence(payload["answer"]), "aspect": aspect.name,
        "rubric": fence(params.rubric), "low": aspect.low, "high": aspect.high, "texts": [payload["task"],
        payload["answer"]], "language": context.language,
    }  # fmt: skip
    messages = context.messages(aspect.slot.name, variables)
    return Prompt(aspect.slot.name, messages, variables, Sampling(params.tokens, 0.0, 1.0))


def _why(reply: Reply) -> str:
    if reply.failed:
        return "call_failed"
    return "truncated_reply" if reply.truncated else "invalid_score"


def _dropped(payload: Any, aspect: Aspect, reason: str, *, said: str = "") -> Draft:
    return _draft(payload, drop_reason=reason, data={"aspect": aspect.name, "said": said})


def _draft(payload: Any, **changes: Any) -> Draft:
    return Draft("score", instruction=payload["instruction"], sample_ids=(payload["sample_id"],), **changes)
