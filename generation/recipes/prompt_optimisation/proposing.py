"""Proposals: instructions that were tried, the best last, and a request for a better one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from generation.quality.text import comparison_key, has_cjk
from generation.recipes.base import Context, PromptSlot, Work
from generation.recipes.prompt_optimisation.course import PROPOSE, course_of, trajectory
from generation.recipes.prompt_optimisation.params import LONGEST
from generation.recipes.prompt_optimisation.placing import placed, start_of
from generation.recipes.prompt_optimisation.rows import Row, split
from generation.recipes.prompt_optimisation.templates import system_of
from generation.recipes.wording import fence
from generation.types import Draft, PoolView, Prompt, Reply, Sampling, Task

META = PromptSlot("prompt_optimisation.propose", ("trajectory", "exemplars"), ("trajectory", "exemplars"))
_TAGGED = re.compile(r"<INS>(.*?)</INS>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?\s*INS\b|\[\s*INS\s*\]|\bINS>", re.IGNORECASE)
_SHORTEST_LEAK = 3


class Propose:
    """One task for each step: as many proposals as wanted, asked independently of each other."""

    name = PROPOSE
    prompts: tuple[PromptSlot, ...] = (META,)
    checks: tuple[str, ...] = ("not_empty", "control_characters", "hidden_characters", "special_tokens")
    novel = False

    def plan(self, pool: PoolView, context: Context) -> list[dict[str, Any]]:
        """The next step once the one before it is decided."""
        params, course = context.params, course_of(pool, context.params)
        train, _ = split(pool, params)
        if not course.idle or course.spent or not train:
            return []
        shown = context.rng.sample(train, min(params.exemplars, len(train)))
        known = _by_people(pool, params.target) if params.objective == "approval" else None
        return [
            {
                "step": course.steps + 1,
                "trajectory": known or [list(each) for each in trajectory(course, most=params.trajectory)],
                "seen": sorted({_key(each.text) for each in course.tried}),
                "exemplars": [row.payload() for row in shown],
            }
        ]

    def work(self, task: Task, context: Context) -> Work:
        """The same prompt for each candidate; what was seen before, leaks an answer or has no form is dropped."""
        payload, params = task.payload, context.params
        rows = [Row(*each) for each in payload["exemplars"]]
        tried = [(text, score) for text, score in payload["trajectory"]]
        variables = {
            "trajectory": fence(_shown(tried, context)), "exemplars": fence(_examples(rows, context)),
            "tried": [list(each) for each in tried], "step": payload["step"], "language": context.language,
        }  # fmt: skip
        messages = context.messages(META.name, variables)
        sampling = Sampling(1024, params.temperature)
        replies = yield [
            Prompt(META.name, messages, variables, sampling, sample_index=at) for at in range(params.candidates)
        ]
        assert isinstance(replies, list)
        seen, drafts = set(payload["seen"]), []
        for at, reply in enumerate(replies):
            text, reason = _candidate(reply, seen, rows)
            seen.add(_key(text))
            data = {"step": payload["step"], "candidate": at}
            drafts.append(Draft("instruction", instruction=text, data=data, drop_reason=reason))
        return drafts


def _candidate(reply: Reply, seen: set[str], rows: Sequence[Row]) -> tuple[str, str]:
    """The proposed text and why it is dropped, "" when it is not."""
    if reply.failed:
        return "", "call_failed"
    found = _TAGGED.findall(reply.text)
    if not found:
        return "", "truncated_reply" if reply.truncated else "nothing_parsed"
    text = found[-1].strip()
    if _TAG.search(text):
        return text, "tag_in_text"
    if len(text) > LONGEST:
        return text, "too_long"
    if any(_leaks(text, row.answer) for row in rows):
        return text, "leaked_answer"
    return text, "seen_before" if text and _key(text) in seen else ""


def _leaks(text: str, answer: str) -> bool:
    """Whether the text holds the answer of an example, as whole words where they are words."""
    key, held = comparison_key(answer).strip(), comparison_key(text)
    if has_cjk(key):
        return len(key) >= _SHORTEST_LEAK - 1 and key in held
    return len(key) >= _SHORTEST_LEAK and re.search(rf"(?<!\w){re.escape(key)}(?!\w)", held) is not None


def _key(text: str) -> str:
    return " ".join(comparison_key(text).split())


def _by_people(pool: PoolView, target: str) -> list[list[Any]]:
    """System sections of prompt versions with the share that people approved of what they brought, the best last."""
    known = [each for each in pool.prompts if each.slot == target and each.decided]
    known.sort(key=lambda each: (each.approved / each.decided, each.number))
    return [[system_of(each.text), round(100 * each.approved / each.decided)] for each in known[-20:]]


def _shown(tried: Sequence[tuple[str, int]], context: Context) -> str:
    text, score = ("文本：", "得分：") if context.language == "zh" else ("text: ", "score: ")
    own = start_of(context.language)
    return "\n\n".join(f"{text}{each or own}\n{score}{bucket}" for each, bucket in tried) or "-"


def _examples(rows: Sequence[Row], context: Context) -> str:
    label = "正确答案：" if context.language == "zh" else "right answer: "
    return "\n\n".join(
        placed("<INS>", row.question, context.params.position, language=context.language)
        + (f"\n{label}{row.answer}" if row.answer else "")
        for row in rows
    )
