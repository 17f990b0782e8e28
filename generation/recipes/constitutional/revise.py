"""The one stage: answer, then as often as wanted a critique under one principle and a revision after it."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from generation.quality.text import tokens
from generation.recipes.asking import ask
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.constitutional.params import PRINCIPLES
from generation.recipes.material import Material, material_of, materials
from generation.recipes.wording import fence, language_of, one_line
from generation.types import Draft, PoolView, Prompt, Reply, Sampling, Task

_TALK = re.compile(
    r"^\W*(?:here(?:'s| is) (?:the|my|a) (?:revised|rewritten|improved)"
    r"|(?:the )?(?:revised|rewritten) (?:answer|response|version)|critique\b|(?:according to|under) the principle"
    r"|(?:以下|下面)是(?:修改|修订|改写)后|(?:修改|修订|改写)后的?(?:回答|版本|答案)"
    r"|(?:批评|评语)[:：]|根据(?:该|这条|上述)?原则)",
    re.IGNORECASE,
)
_SPEAKERS = {"en": ("User: ", "Assistant: "), "zh": ("用户：", "助手：")}


class Revise:
    """The principles of a row are drawn in the plan, none twice before all had their turn."""

    name = "constitutional.revise"
    prompts: tuple[PromptSlot, ...] = (
        PromptSlot("constitutional.answer", ("dialogue",), ("dialogue",)),
        PromptSlot("constitutional.critique", ("dialogue", "answer", "principle"), ("dialogue", "answer", "principle")),
        PromptSlot(
            "constitutional.revise", ("dialogue", "answer", "principle", "critique"),
            ("dialogue", "answer", "principle", "critique"),
        ),
    )  # fmt: skip
    checks: tuple[str, ...] = (
        "not_empty", "control_characters", "empty_output", "placeholder_output", "hidden_characters",
        "special_tokens", "input_equals_output",
    )  # fmt: skip
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next rows, each with the principles of its revisions."""
        params, first = context.params, pool.planned.get(self.name, 0)
        if first >= rows_of(pool):
            return []
        rows = materials(pool, language=context.language)[first : first + params.wave_size]
        return [{"row": row.payload(), "principles": _principles(row, context)} for row in rows]

    def work(self, task: Task, context: Context) -> Work:
        """The revised sample, and the pair where it is wanted; or why there is none."""
        row = material_of(task.payload["row"])
        state = _State(row, task.payload["principles"])
        reason = yield from _through(state, context)
        if not reason and tokens(state.answer) == tokens(state.first):
            reason = "unchanged"
        data = {"principles": state.principles, "critiques": state.critiques, "revisions": state.revisions,
                "faults": state.faults, "first_answer": state.first}  # fmt: skip
        sample = row.draft(output=state.answer, data=data, drop_reason=reason)
        if reason:
            return [sample]
        changed = sum(a != b for a, b in zip([state.first, *state.revisions], state.revisions, strict=False))
        sample = replace(sample, counted={"revisions": str(changed)})
        return [sample, *([_pair(sample, state)] if context.params.pairs else [])]


def rows_of(pool: PoolView) -> int:
    """How many rows there are to revise."""
    return sum(1 for seed in pool.seeds if seed.instruction) + sum(1 for each in pool.samples if each.instruction)


@dataclass
class _State:
    """Where a row stands: its answer as it reads now, and all that was said of it."""

    row: Material
    principles: list[str]

    def __post_init__(self) -> None:
        self.first = self.answer = ""
        self.critiques: list[str] = []
        self.revisions: list[str] = []
        self.faults: list[str] = []


Asking = Generator["Prompt | list[Prompt]", "Reply | list[Reply]", str]


def _through(state: _State, context: Context) -> Asking:
    """All questions of a row; the reason that ended them, "" when none did.

    A revision that is none is passed over, and the next one starts from the answer as it stood.
    """
    row, params = state.row, context.params
    if params.first_answer == "row" and row.output.strip():
        state.first = state.answer = row.output
    else:
        text, reason = yield from _say("constitutional.answer", state, context, tokens=params.answer_tokens)
        state.first = state.answer = text
        if reason:
            return reason
    for principle in state.principles:
        critique, reason = yield from _say(
            "constitutional.critique", state, context, principle=principle, tokens=params.critique_tokens
        )
        if reason:
            return reason
        state.critiques.append(critique)
        revised, reason = yield from _say(
            "constitutional.revise", state, context, principle=principle, critique=critique,
            tokens=params.answer_tokens,
        )  # fmt: skip
        if reason == "call_failed":
            return reason
        fault = reason or _fault(revised, state.answer)
        state.faults.append(fault)
        if not fault:
            state.answer = revised
            state.revisions.append(revised)
    return "" if state.revisions else state.faults[-1]


def _say(
    slot: str, state: _State, context: Context, *, tokens: int, principle: str = "", critique: str = ""
) -> Generator[Prompt | list[Prompt], Reply | list[Reply], tuple[str, str]]:
    """One answer of the model and the reason why it is of no use, "" when it is."""
    row = state.row
    variables = {
        "dialogue": fence(_dialogue(row)), "answer": fence(state.answer), "principle": fence(one_line(principle)),
        "critique": fence(critique), "language": row.language or context.language, "task": row.task,
        "said": state.answer, "rule": principle,
    }  # fmt: skip
    sampling = Sampling(max_tokens=tokens, temperature=context.params.temperature)
    reply = yield from ask(Prompt(slot, context.messages(slot, variables), variables, sampling))
    if reply.failed:
        return "", "call_failed"
    text = reply.text.strip()
    if reply.truncated:
        return text, "truncated_reply"
    return text, "" if text else "empty_output"


def _fault(revised: str, before: str) -> str:
    """What is wrong with a revision as a revision."""
    if _TALK.match(revised):
        return "speaks_of_the_revision"
    said, was = language_of(revised, otherwise=""), language_of(before, otherwise="")
    return "wrong_language" if said and was and said != was else ""


def _dialogue(row: Material) -> str:
    """The conversation up to the answer; a lone request stands as it is."""
    if not row.history:
        return row.task
    user, assistant = _SPEAKERS["zh" if row.language == "zh" else "en"]
    said = [line for asked, reply in row.history for line in (user + asked, assistant + reply)]
    return "\n\n".join([*said, user + row.task])


def _principles(row: Material, context: Context) -> list[str]:
    """One for each revision."""
    language = "zh" if (row.language or context.language) == "zh" else "en"
    own = [each.strip() for each in context.params.principles if each.strip()] or list(PRINCIPLES[language])
    found: list[str] = []
    while len(found) < context.params.revisions:
        found += context.rng.sample(own, len(own))
    return found[: context.params.revisions]


def _pair(sample: Draft, state: _State) -> Draft:
    """A revision is meant to be better; whether it is, nobody has looked."""
    return replace(sample, kind="pair", rejected=state.first, counted={}, data={**sample.data, "held": "unverified"})
