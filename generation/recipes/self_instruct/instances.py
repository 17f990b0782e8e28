"""Stage two: is the instruction a classification task, and what are examples of it?"""

from __future__ import annotations

from typing import Any

from generation.quality.checks.refusal import is_refusal
from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.self_instruct.invent import Invent
from generation.recipes.self_instruct.replies import parse_input_first, parse_output_first, parse_verdict, sift
from generation.recipes.wording import fence
from generation.types import Draft, Instance, PoolView, Prompt, Sampling, Task

CLASSIFY = PromptSlot("self_instruct.classify", ("instruction",), ("instruction",))
OUTPUT_FIRST = PromptSlot("self_instruct.output_first", ("instruction", "count"), ("instruction",))
INPUT_FIRST = PromptSlot("self_instruct.input_first", ("instruction", "count"), ("instruction",))

_CLASSIFICATION_TOKENS = 300


class Instances:
    """Classification tasks name the label first, so that labels come out balanced; all others begin with the input."""

    name = "self_instruct.instances"
    prompts: tuple[PromptSlot, ...] = (CLASSIFY, OUTPUT_FIRST, INPUT_FIRST)
    checks: tuple[str, ...] = (
        "control_characters",
        "empty_output",
        "input_equals_output",
        "refusal",
        "placeholder_output",
        "hidden_characters",
        "special_tokens",
        "merged_tasks",
        "output_language",
        "size_guide",
        "recipe_notes",
    )
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """One task for each admitted instruction that has none yet."""
        admitted = pool.admitted.get(Invent.name, ())
        return [
            {
                "instruction_id": view.id,
                "instruction": view.draft.instruction,
                "language": view.draft.language,
                "seed_ids": list(view.draft.seed_ids),
            }
            for view in admitted[pool.planned.get(self.name, 0) :]
        ]

    def work(self, task: Task, context: Context) -> Work:
        """A call for the kind of the task (unless all are classification) and one for its examples."""
        payload, params, notes = task.payload, context.params, []
        labels: bool | None = True
        if not params.classification_only:
            reply = yield from ask(_prompt(CLASSIFY, payload, context, Sampling(max_tokens=3, temperature=0.0)))
            if reply.failed:
                return [_dropped(payload, "call_failed", failure=reply.failure)]
            labels = parse_verdict(reply.text)
            notes = ["unclear_task_kind"] if labels is None else []
        slot = OUTPUT_FIRST if labels else INPUT_FIRST
        reply = yield from ask(_prompt(slot, payload, context, _sampling(params, labels=bool(labels))))
        if reply.failed:
            return [_dropped(payload, "call_failed", failure=reply.failure)]
        parse = parse_output_first if labels else parse_input_first
        found, cut = parse(reply.text, truncated=reply.truncated)
        if not found and not cut:
            return [_dropped(payload, "refusal" if is_refusal(reply.text) else "nothing_parsed")]
        judged = sift(found, most=params.max_instances, rng=context.rng) + [(each, "truncated") for each in cut]
        return [_sample(payload, each, reason, labels=bool(labels), notes=notes) for each, reason in judged]


def _prompt(slot: PromptSlot, payload: Any, context: Context, sampling: Sampling) -> Prompt:
    variables = {
        "instruction": fence(payload["instruction"]),
        "count": context.params.max_instances,
        "task": payload["instruction"],
        "language": payload["language"] or context.language,
    }
    return Prompt(slot.name, context.messages(slot.name, variables), variables, sampling)


def _sampling(params: Any, *, labels: bool) -> Sampling:
    """The paper's values; its stop texts only where they cannot be part of an example."""
    tokens = min(params.instance_tokens, _CLASSIFICATION_TOKENS) if labels else params.instance_tokens
    stop = ("\nTask:", "\n任务：") if labels else (f"\nExample {params.max_instances + 1}", "\nTask:", "\n任务：")
    return Sampling(max_tokens=tokens, temperature=0.0, frequency_penalty=0.0, presence_penalty=1.5, stop=stop)


def _sample(payload: Any, instance: Instance, reason: str, *, labels: bool, notes: list[str]) -> Draft:
    return Draft(
        kind="sample",
        instruction=payload["instruction"],
        input=instance.input,
        output=instance.output,
        task_type="classification" if labels else "generation",
        language=payload["language"],
        seed_ids=tuple(payload["seed_ids"]),
        draft_ids=(payload["instruction_id"],),
        data={"instruction_id": payload["instruction_id"], "notes": notes},
        drop_reason=reason,
    )


def _dropped(payload: Any, reason: str, *, failure: str = "") -> Draft:
    return Draft(
        kind="sample",
        instruction=payload["instruction"],
        language=payload["language"],
        seed_ids=tuple(payload["seed_ids"]),
        draft_ids=(payload["instruction_id"],),
        data={"instruction_id": payload["instruction_id"], **({"failure": failure} if failure else {})},
        drop_reason=reason,
    )
