"""A recipe played in memory: plans, work, checks, novelty and targets as a run has them, wave by wave."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from generation.quality.checks import check
from generation.quality.novelty import TOO_SIMILAR, Pool
from generation.recipes import offline
from generation.recipes.base import Context, PromptText, Recipe, Stage, slots
from generation.types import AdmittedView, Draft, PoolView, Prompt, Reply, Sources, Stock, Task

Answer = Callable[[Prompt, int], Reply]


def stock(sources: Sources) -> Stock:
    """How much there is of each source."""
    characters = sum(len(document.text) for document in sources.documents)
    terms = {term for terms in sources.vocabulary.values() for term in terms}
    answered = tuple(len(sample.answers) for sample in sources.samples if sample.answers)
    return Stock(
        len(sources.seeds), len(sources.samples) - len(answered), len(sources.documents), characters, len(terms),
        answered=answered,
    )  # fmt: skip


def offline_answer(prompt: Prompt, random_seed: int) -> Reply:
    """What the rules say."""
    return Reply(offline.answer(prompt.stage, prompt.variables, random_seed=random_seed))


@dataclass
class Play:
    """One run. `reasons` counts (stage, reason), "" being admitted; `prompts` is all that was asked."""

    recipe: Recipe
    params: Any
    sources: Sources
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
        for seed in self.sources.seeds:
            self._pool.add(seed.instruction)
        planned: Counter[str] = Counter()
        past: list[tuple[dict[str, tuple[AdmittedView, ...]], Counter[str]]] = [({}, Counter())] * 2
        for wave in range(500):
            drawn = self.sources
            view = PoolView(
                wave, drawn.seeds, drawn.samples, drawn.documents, drawn.vocabulary, past[wave][0], dict(planned),
                past[wave][1], self.random_seed, drawn.prompts,
            )  # fmt: skip
            if self.recipe.finished(view, self.params):
                return self
            tasks = [(stage, payload) for stage in self.recipe.stages for payload in self._planned(stage, view)]
            for stage, payload in tasks:
                self._play(stage, Task(planned.total(), payload), wave)
                planned[stage.name] += 1
            past.append(({name: tuple(views) for name, views in self.admitted.items()}, Counter(planned)))
        raise AssertionError("the recipe never finishes")

    def made(self) -> list[Draft]:
        """What was admitted for people, in order: samples, pairs and scores."""
        shown = ("sample", "pair", "score")
        return [view.draft for views in self.admitted.values() for view in views if view.draft.kind in shown]

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
            wanted = next(work)
            while True:
                several = wanted if isinstance(wanted, list) else [wanted]
                self.prompts += several
                seed = self.random_seed * 10_000 + task.number
                replies = [self.answer(prompt, seed + 100_003 * prompt.sample_index) for prompt in several]
                wanted = work.send(replies if isinstance(wanted, list) else replies[0])
        except StopIteration as done:
            return list(done.value)

    def _admit(self, stage: Stage, draft: Draft, wave: int) -> None:
        settings = self.params.model_dump()
        findings = [] if draft.dropped else [each for name in stage.checks for each in check(name)(draft, settings)]
        self.notes.update(each.code for each in findings if not each.drop)
        reason = draft.drop_reason or next((each.code for each in findings if each.drop), "")
        mine = self.admitted.setdefault(stage.name, [])
        if not reason and stage.novel and not self._pool.is_novel(draft.compared):
            reason = TOO_SIMILAR
        if not reason and not self.recipe.admits(stage.name, len(mine), self.params):
            reason = "over_target"
        self.reasons[stage.name, reason] += 1
        if not reason:
            mine.append(AdmittedView(wave * 1000 + len(mine), wave, draft))
            if stage.novel:
                self._pool.add(draft.compared)
