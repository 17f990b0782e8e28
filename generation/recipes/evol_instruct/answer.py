"""A round's second half: each surviving instruction is answered, and its answer shows whether it can be."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.evol_instruct.elimination import is_only_stop_words, is_short_apology
from generation.recipes.evol_instruct.rounds import ANSWER, EVOLVE
from generation.recipes.score_replies import last_score
from generation.recipes.wording import fence
from generation.types import Draft, PoolView, Prompt, Reply, Sampling, Score, Task

ASPECT = "difficulty"
LOW, HIGH = 1, 10
_JUDGE_TOKENS = 512
ANSWERING = PromptSlot("evol_instruct.answer", ("instruction",), ("instruction",))
DIFFICULTY = PromptSlot("evol_instruct.difficulty", ("instruction",), ("instruction",))
CHECKS = (
    "control_characters",
    "empty_output",
    "refusal",
    "placeholder_output",
    "input_equals_output",
    "hidden_characters",
    "special_tokens",
    "output_language",
    "size_guide",
    "recipe_notes",
)
Asking = Generator[Prompt | list[Prompt], Reply | list[Reply], tuple[Any, str]]


class Answers:
    """One task for each instruction that was evolved and not eliminated."""

    name = ANSWER
    prompts: tuple[PromptSlot, ...] = (ANSWERING, DIFFICULTY)
    checks: tuple[str, ...] = CHECKS
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """All that have none yet."""
        return [
            {"evolved": view.id, **_carried(view.draft)}
            for view in pool.admitted.get(EVOLVE, ())[pool.planned.get(self.name, 0) :]
        ]

    def work(self, task: Task, context: Context) -> Work:
        """A call to answer; another for the difficulty where it is wanted."""
        payload = task.payload
        output, reason = yield from answered(payload, context)
        scores: dict[str, Score] = {}
        notes: list[str] = []
        if not reason and context.params.score_difficulty:
            scores, notes = yield from scored(payload, context)
        data = {**payload["data"], "notes": notes, **({"failure": output} if reason == "call_failed" else {})}
        return [
            Draft(
                kind="sample",
                instruction=payload["instruction"],
                output="" if reason == "call_failed" else output,
                system=payload["system"],
                task_type=payload["task_type"],
                language=payload["language"],
                tags=tuple(payload["tags"]),
                seed_ids=tuple(payload["seed_ids"]),
                sample_ids=tuple(payload["sample_ids"]),
                draft_ids=(payload["evolved"],),
                evaluation=payload["evaluation"],
                data=data,
                counted={"operation": f"evol_{payload['data']['operation']}", "round": str(payload["data"]["round"])},
                scores=scores,
                drop_reason=reason,
            )
        ]


def answered(payload: Any, context: Context) -> Asking:
    """(answer, reason why it is none): by the two rules about answers, after what went wrong with the call itself."""
    variables = _variables(payload)
    messages = context.messages(ANSWERING.name, variables)
    sampling = Sampling(max_tokens=context.params.answer_tokens, temperature=context.params.temperature, top_p=0.9)
    reply = yield from ask(Prompt(ANSWERING.name, messages, variables, sampling))
    if reply.failed:
        return reply.failure, "call_failed"
    output = reply.text.strip()
    if reply.truncated:
        return output, "truncated"
    if is_short_apology(output):
        return output, "short_apology"
    return output, "only_stop_words" if is_only_stop_words(output) else ""


def scored(payload: Any, context: Context) -> Generator[Any, Any, tuple[dict[str, Score], list[str]]]:
    """The difficulty as scores, and a note where the judge cannot be read."""
    variables = _variables(payload)
    sampling = Sampling(max_tokens=_JUDGE_TOKENS, temperature=0.0)
    reply = yield from ask(Prompt(DIFFICULTY.name, context.messages(DIFFICULTY.name, variables), variables, sampling))
    value = None if reply.failed else last_score(reply.text, low=LOW, high=HIGH)
    return ({ASPECT: Score(value, LOW, HIGH)}, []) if value is not None else ({}, ["unreadable_score"])


def _variables(payload: Any) -> dict[str, Any]:
    text = payload["instruction"]
    return {"instruction": fence(text), "given": text, "language": payload["language"]}


def _carried(draft: Draft) -> dict[str, Any]:
    return {
        "instruction": draft.instruction, "system": draft.system, "task_type": draft.task_type,
        "language": draft.language, "tags": list(draft.tags), "seed_ids": list(draft.seed_ids),
        "sample_ids": list(draft.sample_ids), "evaluation": draft.evaluation, "data": dict(draft.data),
    }  # fmt: skip
