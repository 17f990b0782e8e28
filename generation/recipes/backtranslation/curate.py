"""Self-curation: a judge scores each pair from 1 to 5, a second one who saw the first one's best and worst decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from generation.recipes.asking import ask
from generation.recipes.backtranslation.augment import AUGMENT
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.score_replies import last_score
from generation.recipes.wording import fence
from generation.types import AdmittedView, Draft, PoolView, Prompt, Sampling, Score, Span, Task

CURATE = "backtranslation.curate"
RECURATE = "backtranslation.recurate"
LOW, HIGH = 1, 5
ASPECTS = {CURATE: "curation", RECURATE: "curation_2"}
_TOKENS = 512
_BEST = 2
_SHOWN = 500
CHECKS = (
    "control_characters",
    "empty_output",
    "placeholder_output",
    "hidden_characters",
    "special_tokens",
    "literal_escapes",
    "html_entities",
    "output_language",
    "size_guide",
)
_WORDS = {"en": ("Score {}", "Request: ", "Reply: ", "none yet"), "zh": ("{} 分", "请求：", "回复：", "暂无")}


class Curate:
    """The first judge. Where there is no second, what scores high enough becomes a sample at once."""

    name = CURATE
    prompts: tuple[PromptSlot, ...] = (PromptSlot(CURATE, ("instruction", "text"), ("instruction", "text")),)
    checks: tuple[str, ...] = CHECKS
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """One task for each pair that has none yet."""
        return [_payload(view) for view in pool.admitted.get(AUGMENT, ())[pool.planned.get(self.name, 0) :]]

    def work(self, task: Task, context: Context) -> Work:
        """One call. A reply without a score is invalid, never a pass."""
        params = context.params
        last = params.iterations == "1"
        draft = yield from _judged(self.name, task.payload, context, {})
        score = draft.scores.get(ASPECTS[self.name])
        if score is None:
            return [draft]
        if not last:
            draft = replace(draft, kind="instruction")
        low = score.value < params.keep and (last or params.recheck == "kept")
        return [replace(draft, drop_reason="below_threshold") if low else draft]


class Recurate:
    """The second judge, another prompt that shows pairs as the first one scored them: its word decides."""

    name = RECURATE
    prompts: tuple[PromptSlot, ...] = (
        PromptSlot(RECURATE, ("instruction", "text", "examples"), ("instruction", "text", "examples")),
    )
    checks: tuple[str, ...] = CHECKS
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """All at once, when the first judge is through."""
        if context.params.iterations == "1" or pool.planned.get(self.name) or not is_settled(pool):
            return []
        scored = pool.admitted.get(CURATE, ())
        shown = _examples(scored, keep=context.params.keep)
        return [{**_payload(view), "examples": [each for each in shown if each["id"] != view.id]} for view in scored]

    def work(self, task: Task, context: Context) -> Work:
        """One call."""
        examples = task.payload["examples"]
        variables = {"examples": fence(_told(examples, context.language)), "shown": examples}
        draft = yield from _judged(self.name, task.payload, context, variables)
        score = draft.scores.get(ASPECTS[self.name])
        low = score is not None and score.value < context.params.keep
        return [replace(draft, drop_reason="below_threshold") if low else draft]


def is_settled(pool: PoolView) -> bool:
    """Whether every segment has its request or was dropped, and every request its first score or was dropped."""
    judged = pool.planned.get(CURATE, 0)
    return (
        0 < pool.planned.get(AUGMENT, 0) <= pool.finished.get(AUGMENT, 0)
        and judged >= len(pool.admitted.get(AUGMENT, ()))
        and pool.finished.get(CURATE, 0) >= judged
    )


def waiting(pool: PoolView, params: Any) -> bool:
    """Whether the second judge has still to see something."""
    if params.iterations == "1":
        return False
    seen = pool.finished.get(RECURATE, 0)
    return seen < max(pool.planned.get(RECURATE, 0), len(pool.admitted.get(CURATE, ())))


def _judged(slot: str, payload: Any, context: Context, more: dict[str, Any]) -> Any:
    """The pair with its new score; dropped where the call failed or no score can be read."""
    variables = {
        "instruction": fence(payload["instruction"]), "text": fence(payload["output"]), "given": payload["instruction"],
        "output": payload["output"], "language": payload["language"], "scores": payload["scores"], **more,
    }  # fmt: skip
    sampling = Sampling(max_tokens=_TOKENS, temperature=0.0)
    reply = yield from ask(Prompt(slot, context.messages(slot, variables), variables, sampling))
    draft = _draft(payload)
    if reply.failed:
        return replace(draft, data={**draft.data, "failure": reply.failure}, drop_reason="call_failed")
    value = last_score(reply.text, low=LOW, high=HIGH)
    if value is None:
        return replace(draft, drop_reason="unreadable_score")
    return replace(draft, scores={**draft.scores, ASPECTS[slot]: Score(value, LOW, HIGH)})


def _examples(scored: Sequence[AdmittedView], *, keep: int) -> list[dict[str, Any]]:
    """The best pairs and the worst as the first judge saw them, the oldest where several are alike."""
    values = [view.draft.scores[ASPECTS[CURATE]].value for view in scored]
    best = sorted(range(len(scored)), key=lambda at: (-values[at], at))[:_BEST]
    worst = sorted(range(len(scored)), key=lambda at: (values[at], at))[:1]
    chosen = [at for at in best if values[at] >= keep] + [at for at in worst if values[at] < keep]
    return [
        {"id": scored[at].id, "instruction": scored[at].draft.instruction[:_SHOWN],
         "output": scored[at].draft.output[:_SHOWN], "score": int(values[at])}
        for at in chosen
    ]  # fmt: skip


def _told(examples: Sequence[dict[str, Any]], language: str) -> str:
    score, request, reply, none = _WORDS["zh" if language == "zh" else "en"]
    blocks = [
        f"{score.format(each['score'])}\n{request}{each['instruction']}\n{reply}{each['output']}" for each in examples
    ]
    return "\n\n".join(blocks) or none


def _payload(view: AdmittedView) -> dict[str, Any]:
    draft = view.draft
    return {
        "made_from": view.id,
        "instruction": draft.instruction,
        "output": draft.output,
        "system": draft.system,
        "language": draft.language,
        "spans": [[span.document, span.start, span.end] for span in draft.spans],
        "headings": list(draft.data.get("headings", ())),
        "scores": {aspect: score.value for aspect, score in draft.scores.items()},
    }


def _draft(payload: Any) -> Draft:
    return Draft(
        kind="sample",
        instruction=payload["instruction"],
        output=payload["output"],
        system=payload["system"],
        task_type="generation",
        language=payload["language"],
        draft_ids=(payload["made_from"],),
        spans=tuple(Span(*span) for span in payload["spans"]),
        scores={aspect: Score(value, LOW, HIGH) for aspect, value in payload["scores"].items()},
        data={"headings": payload["headings"]},
    )
