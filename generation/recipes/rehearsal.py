"""A recipe played through on a handful of seeds with offline replies: nothing is sent, nothing is written."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generation.quality.checks import check
from generation.recipes.base import Context, PromptText, Recipe, Stage
from generation.recipes.offline import answer
from generation.types import AdmittedView, Draft, Finding, Message, PoolView, Prompt, Reply, Sources, Task

_MOST_TASKS = 24


@dataclass(frozen=True, slots=True)
class Stand:
    """What a rehearsal stands on: the run as somebody wishes it, on a few of its rows."""

    recipe: Recipe
    params: Any
    prompts: Mapping[str, PromptText]
    sources: Sources
    language: str
    random_seed: int


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled from real seeds: the messages that would be sent, or the text of a draft where none is sent."""

    messages: tuple[Message, ...] = ()
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """A draft with what the stage's checks found. `reason` is why it would be dropped, "" when it would stay."""

    draft: Draft
    findings: tuple[Finding, ...]
    reason: str


def fill(stand: Stand, *, slot: str, count: int = 2) -> list[Filled]:
    """Up to `count` fillings of the template `slot`, the same for the same arguments."""
    found: list[Filled] = []
    for _stage, asked, proposed in _play(stand):
        found += [Filled(messages=prompt.messages) for prompt in asked if prompt.stage == slot]
        found += [Filled(draft=each.draft) for each in proposed if _told(stand, each)]
        if len(found) >= count:
            break
    return found[:count]


def _told(stand: Stand, proposed: Proposed) -> bool:
    """Whether the draft is a template filled, and no model's words."""
    return not stand.recipe.needs_model and proposed.draft.kind != "instruction"


def propose(stand: Stand, *, most: int = 24) -> list[Proposed]:
    """Up to `most` drafts that people would see, one a task, with what the checks say; novelty is not judged.

    A recipe that shows people none of its drafts proposes those of its last stage.
    """
    shown: list[Proposed] = []
    last: list[Proposed] = []
    for stage, _asked, proposed in _play(stand):
        shown += [each for each in telling(proposed) if each.draft.kind != "instruction"][:1]
        last += proposed[:1] if stage is stand.recipe.stages[-1] else []
    return (shown or last)[:most]


def telling(proposed: Iterable[Proposed]) -> list[Proposed]:
    """Pairs before the answers and scores that they were made of; everything else in its order."""
    return sorted(proposed, key=lambda each: each.draft.kind in ("answer", "score"))


def asked(stand: Stand, *, most: int) -> list[Prompt]:
    """Every prompt of the first `most` tasks of each stage, as far as offline replies lead."""
    found: list[Prompt] = []
    tasks: Counter[str] = Counter()
    for stage, prompts, _proposed in _play(stand):
        if tasks[stage.name] < most:
            found += prompts
        tasks[stage.name] += 1
    return found


def judge(draft: Draft, *, stage: Stage, params: Any) -> Proposed:
    """The draft with what the stage's checks say of it."""
    if draft.drop_reason:
        return Proposed(draft, (), draft.drop_reason)
    settings = params.model_dump()
    findings = tuple(finding for name in stage.checks for finding in check(name)(draft, settings))
    return Proposed(draft, findings, next((finding.code for finding in findings if finding.drop), ""))


def _play(stand: Stand) -> Iterator[tuple[Stage, list[Prompt], list[Proposed]]]:
    """The first tasks of each stage in turn, with what they ask and propose."""
    admitted: dict[str, list[AdmittedView]] = {}
    worked: dict[str, int] = {}
    for stage in stand.recipe.stages:
        rng = random.Random(f"{stand.random_seed}:{stage.name}")
        drawn = stand.sources
        pool = PoolView(
            2, drawn.seeds, drawn.samples, drawn.documents, drawn.vocabulary, admitted, worked, worked,
            stand.random_seed, drawn.prompts,
        )  # fmt: skip
        payloads = stage.plan(pool, Context(stand.params, stand.prompts, stand.language, rng))[:_MOST_TASKS]
        kept: list[Draft] = []
        for number, payload in enumerate(payloads):
            asked, drafts = _work(stage, Task(number, payload), stand)
            proposed = [judge(draft, stage=stage, params=stand.params) for draft in drafts]
            kept += [each.draft for each in proposed if not each.reason]
            yield stage, asked, proposed
        admitted[stage.name] = [AdmittedView(at, 0, draft) for at, draft in enumerate(kept, 1)]
        worked[stage.name] = len(payloads)


def _work(stage: Stage, task: Task, stand: Stand) -> tuple[list[Prompt], list[Draft]]:
    """What the task asks, and the drafts that come of offline replies."""
    rng = random.Random(f"{stand.random_seed}:{task.number}")
    work = stage.work(task, Context(stand.params, stand.prompts, stand.language, rng))
    asked: list[Prompt] = []
    seed = stand.random_seed + task.number
    try:
        wanted = next(work)
        while True:
            several = wanted if isinstance(wanted, list) else [wanted]
            asked += several
            replies = [Reply(answer(each.stage, each.variables, random_seed=seed)) for each in several]
            wanted = work.send(replies if isinstance(wanted, list) else replies[0])
    except StopIteration as end:
        return asked, end.value
