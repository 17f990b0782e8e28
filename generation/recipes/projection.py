"""A whole run played on paper: its own plan, wave by wave, with what a preview's tasks took and brought.

Nothing is sent and nothing is written. Task after task of a stage takes the next measured outcome in turn, so every
outcome counts as often as every other; goals, rounds and what a wave may see are the recipe's own, as in a real run.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generation.recipes.base import Context
from generation.recipes.rehearsal import Stand
from generation.types import AdmittedView, Draft, PoolView

MOST_TASKS = 20_000
_MOST_WAVES = 2_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measured task: how many calls it made, and its drafts that admission would let pass."""

    calls: int
    kept: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Projection:
    """How often each stage's outcomes were drawn, in their order. `share` is how much of the run was played, 0 to 1."""

    drawn: Mapping[str, tuple[int, ...]]
    share: float = 1.0


def project(stand: Stand, outcomes: Mapping[str, Sequence[Outcome]]) -> Projection:
    """The tasks of each stage until the recipe is done, or until there are too many to go on; stages that were not
    measured bring nothing."""
    play = _Play(stand, outcomes)
    for wave in range(_MOST_WAVES):
        if not play.wave(wave) or sum(play.planned.values()) >= MOST_TASKS:
            break
    drawn = {
        stage: tuple(
            play.planned[stage] // len(found) + (at < play.planned[stage] % len(found)) for at in range(len(found))
        )
        for stage, found in outcomes.items()
        if found
    }
    return Projection(drawn, play.share())


class _Play:
    """One play: what was planned, finished and admitted so far."""

    def __init__(self, stand: Stand, outcomes: Mapping[str, Sequence[Outcome]]) -> None:
        self.stand = stand
        self.outcomes = outcomes
        self.admitted: dict[str, list[AdmittedView]] = {}
        self.planned: Counter[str] = Counter()
        self.by_wave: list[Counter[str]] = []

    def wave(self, number: int) -> bool:
        """Plans and plays one wave; False when the run is over."""
        stand, drawn = self.stand, self.stand.sources
        finished = sum(self.by_wave[: max(0, number - 1)], Counter[str]())
        seen = {
            stage: [view for view in views if view.wave <= number - 2] for stage, views in self.admitted.items()
        }  # fmt: skip
        pool = PoolView(
            number, drawn.seeds, drawn.samples, drawn.documents, drawn.vocabulary, seen, dict(self.planned),
            dict(finished), stand.random_seed,
        )  # fmt: skip
        over = stand.recipe.finished(pool, stand.params)
        tasks: Counter[str] = Counter()
        for stage in () if over else stand.recipe.stages:
            rng = random.Random(f"{stand.random_seed}:{number}:{stage.name}")
            payloads = stage.plan(pool, Context(stand.params, stand.prompts, stand.language, rng))
            for payload in payloads[:MOST_TASKS]:
                self._work(stage.name, payload, number)
            tasks[stage.name] += min(len(payloads), MOST_TASKS)
        self.by_wave.append(tasks)
        return bool(tasks.total() or (number and self.by_wave[number - 1].total()))

    def _work(self, stage: str, payload: Mapping[str, Any], wave: int) -> None:
        found = self.outcomes.get(stage) or (Outcome(0),)
        outcome = found[self.planned[stage] % len(found)]
        self.planned[stage] += 1
        kept = self.admitted.setdefault(stage, [])
        for draft in outcome.kept:
            if self.stand.recipe.admits(stage, len(kept), self.stand.params):
                kept.append(AdmittedView(sum(map(len, self.admitted.values())) + 1, wave, _as_of(draft, payload)))

    def share(self) -> float:
        """How much of the run was played: of its goal, where it has one and the play was cut short."""
        goal = self.stand.recipe.goal(self.stand.params)
        if self.planned.total() < MOST_TASKS or goal is None or not goal[1]:
            return 1.0
        return min(1.0, max(len(self.admitted.get(goal[0], ())) / goal[1], 0.001))


def _as_of(draft: Draft, payload: Mapping[str, Any]) -> Draft:
    """The measured draft as this task would have made it: what it says of its origin is the task's own."""
    data = {name: payload.get(name, value) for name, value in draft.data.items()}
    seeds = payload.get("seed_ids") or ([payload["seed_id"]] if "seed_id" in payload else draft.seed_ids)
    samples = payload.get("sample_ids") or ([payload["sample_id"]] if "sample_id" in payload else draft.sample_ids)
    return replace(draft, data=data, seed_ids=tuple(seeds), sample_ids=tuple(samples))
