"""A judge at work in memory: its prompts, and what it makes of replies."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from generation.recipes import offline
from generation.recipes.base import Context, PromptText
from generation.recipes.judging import SLOTS, Question, Verdict, judge
from generation.recipes.judging.params import JudgedParams
from generation.types import Prompt, Reply

Answer = Callable[[Prompt], str]


def context(language: str = "en", seed: int = 1, **params: Any) -> Context:
    """The context of a task."""
    prompts = {slot.name: PromptText(slot.shipped(language)) for slot in SLOTS}
    return Context(JudgedParams(**params), prompts, language, random.Random(seed))


def by_rules(prompt: Prompt) -> str:
    """What the offline rules say."""
    return offline.answer(prompt.stage, prompt.variables, random_seed=prompt.sample_index)


def driven(work: Any, answer: Answer, asked: list[Prompt] | None = None) -> Any:
    """What the generator returns when every prompt is answered."""
    try:
        prompts = next(work)
        while True:
            several = prompts if isinstance(prompts, list) else [prompts]
            if asked is not None:
                asked += several
            replies = [Reply(answer(each)) for each in several]
            prompts = work.send(replies if isinstance(prompts, list) else replies[0])
    except StopIteration as end:
        return end.value


def judged(
    question: Question,
    texts: Sequence[str],
    answer: Answer = by_rules,
    asked: list[Prompt] | None = None,
    **params: Any,
) -> Verdict:
    """The verdict of the judge in `params`."""
    at = context(**params)
    found = driven(judge(at.params.judge).judge(question, texts, at, part="judge"), answer, asked)
    assert isinstance(found, Verdict)
    return found
