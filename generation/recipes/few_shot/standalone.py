"""Few-shot construction without a project: seeds in, drafts out, nothing stored."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from generation.quality.checks import check
from generation.quality.language import detect
from generation.recipes.base import Context, PromptText
from generation.recipes.few_shot.construct import Construct
from generation.recipes.few_shot.params import Params
from generation.types import Draft, PoolView, SeedView, Task


def construct(seeds: Sequence[SeedView], params: Params, *, language: str, random_seed: int) -> Iterator[Draft]:
    """Every draft in the order of the rows, refused ones with their `drop_reason`; the same for the same arguments."""
    stage = Construct()
    prompts = {slot.name: PromptText(slot.shipped(language)) for slot in stage.prompts}
    rng = random.Random(random_seed)
    context = Context(params, prompts, language, rng)
    kept = planned = 0
    while payloads := stage.plan(PoolView(0, seeds, planned={stage.name: planned}), context):
        for number, payload in enumerate(payloads, planned):
            for draft in _drafts(stage, Task(number, payload), context):
                if params.max_rows and kept >= params.max_rows:
                    return
                kept += not draft.dropped
                yield draft
        planned += len(payloads)


def main_language(seeds: Sequence[SeedView]) -> str:
    """ "zh" when most rows are Chinese, else "en"."""
    found = Counter(detect(" ".join([seed.instruction, *seed.fields.values()])) for seed in seeds)
    return "zh" if found["zh"] > found["en"] else "en"


def _drafts(stage: Construct, task: Task, context: Context) -> list[Draft]:
    """What the stage makes of a task, judged by the stage's checks."""
    work = stage.work(task, context)
    try:
        next(work)
    except StopIteration as done:
        return [_judged(stage, draft, context) for draft in done.value]
    raise RuntimeError("few-shot construction asked a model")


def _judged(stage: Construct, draft: Draft, context: Context) -> Draft:
    if draft.dropped:
        return draft
    settings = context.params.model_dump()
    findings = (finding for name in stage.checks for finding in check(name)(draft, settings))
    return replace(draft, drop_reason=next((each.code for each in findings if each.drop), ""))
