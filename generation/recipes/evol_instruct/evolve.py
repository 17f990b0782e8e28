"""One round's first half: an operation for each row, and a judge for what the rules let through."""

from __future__ import annotations

from typing import Any

from generation.quality.checks import check
from generation.quality.checks.refusal import is_refusal
from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.evol_instruct.demonstrations import FORMATS, demonstration
from generation.recipes.evol_instruct.elimination import is_same_text, leaks_markers, says_nothing_new
from generation.recipes.evol_instruct.params import OPERATIONS
from generation.recipes.evol_instruct.roots import Root, kept_for_evaluation, roots
from generation.recipes.evol_instruct.rounds import EVOLVE, latest, round_due
from generation.recipes.wording import fence
from generation.types import AdmittedView, Draft, PoolView, Prompt, Reply, Sampling, Task

_EVOLVE_TOKENS = 2048
_JUDGE_TOKENS = 64
_PLAIN = ("prompt",)
_INPUT = ("prompt", "format", "example")
EQUAL = PromptSlot("evol_instruct.equal", ("first", "second"), ("first", "second"))


class Evolve:
    """Draws an operation for every row's youngest instruction and rewrites it; equal ones are eliminated."""

    name = EVOLVE
    prompts: tuple[PromptSlot, ...] = (
        *(
            PromptSlot(f"evol_instruct.{operation}", _INPUT if operation == "input" else _PLAIN, _PLAIN)
            for operation in OPERATIONS
        ),
        EQUAL,
    )
    checks: tuple[str, ...] = (
        "not_empty",
        "control_characters",
        "character_bounds",
        "language_mismatch",
        "hidden_characters",
        "special_tokens",
        "recipe_notes",
    )
    novel = False
    """An instruction with a constraint more is alike its parent; the judge says whether it is more than that."""

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """One task for each row, once the round before is wholly decided."""
        params, rows = context.params, roots(pool, language=context.language)
        turn = round_due(pool, params, rows=len(rows))
        if not turn:
            return []
        evaluation = kept_for_evaluation([row.family for row in rows], share=params.evaluation_share)
        youngest = latest(pool)
        return [
            _payload(row, youngest.get(row.key), turn, context, evaluation=row.family in evaluation) for row in rows
        ]

    def work(self, task: Task, context: Context) -> Work:
        """A call to evolve; another for the judge, unless a rule or a check eliminates what came."""
        payload, parent = task.payload, task.payload["text"]
        reply = yield from ask(_evolving(payload, context))
        if reply.failed:
            return [_draft(payload, reason="call_failed", failure=reply.failure)]
        evolved = reply.text.strip()
        reason = _fault(evolved, parent, reply)
        draft = _draft(payload, evolved, reason=reason)
        if reason or self._object(draft, context):
            return [draft]
        verdict = yield from ask(_judging(payload, evolved, context))
        if verdict.failed:
            return [_draft(payload, evolved, reason="call_failed", failure=verdict.failure)]
        equal = says_nothing_new(verdict.text)
        if equal is None:
            return [_draft(payload, evolved, reason="unreadable_verdict")]
        return [_draft(payload, evolved, reason="no_information_gain" if equal else "")]

    def _object(self, draft: Draft, context: Context) -> bool:
        """Whether admission will drop it: then no judge is paid."""
        settings = context.params.model_dump()
        return any(finding.drop for name in self.checks for finding in check(name)(draft, settings))


def _payload(
    root: Root, youngest: AdmittedView | None, turn: int, context: Context, *, evaluation: bool
) -> dict[str, Any]:
    rng, row = context.rng, root.material
    operation = rng.choices(OPERATIONS, context.params.weights)[0]
    return {
        "root": root.key,
        "family": root.family,
        "round": turn,
        "operation": operation,
        "format": rng.choice(FORMATS) if operation == "input" else "",
        "text": youngest.draft.instruction if youngest else row.task,
        "parent": youngest.id if youngest else 0,
        "system": row.system,
        "task_type": row.task_type,
        "language": row.language,
        "tags": list(row.tags),
        "seed_ids": list(row.seed_ids),
        "sample_ids": list(row.sample_ids),
        "evaluation": evaluation,
    }


def _evolving(payload: Any, context: Context) -> Prompt:
    variables = {"prompt": fence(payload["text"]), "given": payload["text"], "language": payload["language"]}
    if payload["format"]:
        example = demonstration(payload["format"], language=context.language)
        variables |= {"format": payload["format"], "example": fence(example)}
    slot = f"evol_instruct.{payload['operation']}"
    sampling = Sampling(max_tokens=_EVOLVE_TOKENS, temperature=context.params.temperature, top_p=0.9)
    return Prompt(slot, context.messages(slot, variables), variables, sampling)


def _judging(payload: Any, evolved: str, context: Context) -> Prompt:
    variables = {
        "first": fence(payload["text"]), "second": fence(evolved), "given": payload["text"], "evolved": evolved,
        "language": payload["language"],
    }  # fmt: skip
    sampling = Sampling(max_tokens=_JUDGE_TOKENS, temperature=0.0)
    return Prompt(EQUAL.name, context.messages(EQUAL.name, variables), variables, sampling)


def _fault(evolved: str, parent: str, reply: Reply) -> str:
    """What can be seen without a judge."""
    if reply.truncated:
        return "truncated_reply"
    if leaks_markers(evolved, parent=parent):
        return "leaked_markers"
    if evolved and is_same_text(evolved, parent=parent):
        return "no_information_gain"
    return "refusal" if is_refusal(evolved) and not is_refusal(parent) else ""


def _draft(payload: Any, evolved: str = "", *, reason: str = "", failure: str = "") -> Draft:
    kept = {name: payload[name] for name in ("root", "family", "round", "operation", "format") if payload[name]}
    return Draft(
        kind="instruction",
        instruction=evolved,
        system=payload["system"],
        task_type=payload["task_type"],
        language=payload["language"],
        tags=tuple(payload["tags"]),
        seed_ids=tuple(payload["seed_ids"]),
        sample_ids=tuple(payload["sample_ids"]),
        draft_ids=(payload["parent"],) if payload["parent"] else (),
        evaluation=payload["evaluation"],
        data={**kept, **({"failure": failure} if failure else {})},
        drop_reason=reason,
    )
