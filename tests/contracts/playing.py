"""A recipe played in memory: plans, work, checks, novelty and targets as a run has them, wave by wave."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from generation.formats import seed_tasks
from generation.quality import check
from generation.quality.novelty import TOO_SIMILAR, Pool
from generation.recipes import offline
from generation.recipes.base import Context, PromptText, Recipe, Stage, slots
from generation.samples import sample_path
from generation.types import AdmittedView, Draft, PoolView, Prompt, Reply, SeedView, Task

Answer = Callable[[Prompt, int], Reply]


def demo_seeds(name: str) -> list[SeedView]:
    """The seeds of one of our own sample files."""
    with sample_path(name).open("rb") as file:
        rows = [row for _, row in seed_tasks.read(file) if isinstance(row, seed_tasks.SeedRow)]
    return [
        SeedView(n, row.instruction, row.instances, row.is_classification, fields=row.fields)
        for n, row in enumerate(rows, 1)
    ]


def offline_answer(prompt: Prompt, random_seed: int) -> Reply:
    """What the rules say."""
    return Reply(offline.answer(prompt.stage, prompt.variables, random_seed=random_seed))


@dataclass
class Play:
    """One run. `reasons` counts (stage, reason), "" being admitted; `prompts` is all that was asked."""

    recipe: Recipe
    params: Any
    seeds: Sequence[SeedView]
    language: str = "en"
    random_seed: int = 1
    answer: Answer = offline_answer
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    prompts: list[Prompt] = field(default_factory=list)
    admitted: dict[str, list[AdmittedView]] = field(default_factory=dict)

    def run(self) -> Play:
        """Plays until the recipe says that it is finished."""
        self._texts = {slot.name: PromptText(slot.shipped(self.language)) for slot in slots(self.recipe)}
        self._pool = Pool()
        for seed in self.seeds:
            self._pool.add(seed.instruction)
        planned: Counter[str] = Counter()
        past: list[tuple[dict[str, tuple[AdmittedView, ...]], Counter[str]]] = [({}, Counter())] * 2
        for wave in range(500):
            view = PoolView(wave, self.seeds, past[wave][0], dict(planned), past[wave][1])
            if self.recipe.finished(view, self.params):
                return self
            tasks = [(stage, payload) for stage in self.recipe.stages for payload in self._planned(stage, view)]
            for stage, payload in tasks:
                self._play(stage, Task(planned.total(), payload), wave)
                planned[stage.name] += 1
            past.append(({name: tuple(views) for name, views in self.admitted.items()}, Counter(planned)))
        raise AssertionError("the recipe never finishes")

    def samples(self) -> list[Draft]:
        """The admitted samples in order."""
        return [view.draft for views in self.admitted.values() for view in views if view.draft.kind == "sample"]

    def _context(self, *chance: object) -> Context:
        return Context(self.params, self._texts, self.language, random.Random(f"{self.random_seed}:{chance}"))

    def _planned(self, stage: Stage, view: PoolView) -> list[dict[str, Any]]:
        return stage.plan(view, self._context(view.wave, stage.name))

    def _play(self, stage: Stage, task: Task, wave: int) -> None:
        for draft in self._worked(stage, task):
            self._admit(stage, draft, wave)

    def _worked(self, stage: Stage, task: Task) -> list[Draft]:
        work = stage.work(task, self._context(task.number))
        try:
            prompt = next(work)
            while True:
                assert isinstance(prompt, Prompt)
                self.prompts.append(prompt)
                prompt = work.send(self.answer(prompt, self.random_seed * 10_000 + task.number))
        except StopIteration as done:
            return list(done.value)

    def _admit(self, stage: Stage, draft: Draft, wave: int) -> None:
        settings = self.params.model_dump()
        findings = [] if draft.dropped else [each for name in stage.checks for each in check(name)(draft, settings)]
        self.notes.update(each.code for each in findings if not each.drop)
        reason = draft.drop_reason or next((each.code for each in findings if each.drop), "")
        mine = self.admitted.setdefault(stage.name, [])
        if not reason and stage.novel and not self._pool.is_novel(draft.instruction):
            reason = TOO_SIMILAR
        if not reason and not self.recipe.admits(stage.name, len(mine), self.params):
            reason = "over_target"
        self.reasons[stage.name, reason] += 1
        if not reason:
            mine.append(AdmittedView(wave * 1000 + len(mine), wave, draft))
            if stage.novel:
                self._pool.add(draft.instruction)
