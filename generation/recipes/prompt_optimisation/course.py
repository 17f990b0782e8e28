"""How far a search has come, read off the pool alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from generation.recipes.prompt_optimisation.params import Params
from generation.recipes.prompt_optimisation.rows import shares
from generation.types import AdmittedView, PoolView

PROPOSE = "prompt_optimisation.propose"
SCORE = "prompt_optimisation.score"
TRAIN, HELD_OUT = "train", "held_out"


@dataclass(frozen=True, slots=True)
class Tried:
    """An instruction with its score on the training rows (0 to 100) and the step that proposed it, 0 for the first."""

    text: str
    score: float
    step: int

    @property
    def bucket(self) -> int:
        """The score as a whole number, which is what models are shown."""
        return round(self.score)


@dataclass(frozen=True, slots=True)
class Course:
    """`steps` were proposed so far; `fresh` are proposals that wait to be scored; `idle` says that all that was planned
    is decided and nothing waits, so that the next step may be taken."""

    steps: int
    tried: tuple[Tried, ...]
    fresh: tuple[AdmittedView, ...]
    idle: bool
    spent: bool
    best: Tried | None
    to_evaluate: bool
    over: bool


def course_of(pool: PoolView, params: Params) -> Course:
    """Where the search stands as the plan of this wave sees it."""
    planned, finished = pool.planned, pool.finished
    steps = planned.get(PROPOSE, 0)
    usable = len(pool.seeds) + len(pool.samples)
    if params.objective == "approval":
        done = finished.get(PROPOSE, 0) > 0
        return Course(steps, (), (), not steps, bool(steps), None, False, over=done or not usable)
    views = pool.admitted.get(SCORE, ())
    tried = tuple(
        Tried(view.draft.instruction, view.draft.data["score"], view.draft.data["step"])
        for view in views
        if view.draft.data["split"] == TRAIN
    )
    # A proposal is seen for the first time two waves after it was made, and is scored then.
    fresh = tuple(view for view in pool.admitted.get(PROPOSE, ()) if view.wave == pool.wave - 2)
    started = planned.get(SCORE, 0) > 0
    flying = any(planned.get(stage, 0) > finished.get(stage, 0) for stage in (PROPOSE, SCORE))
    idle = started and not flying and not fresh
    best = max(tried, key=lambda each: (each.score, -each.step), default=None)
    spent = steps >= params.steps or (best is not None and steps - best.step >= params.patience) or not tried
    held_out = shares(usable, params)[1] > 0
    to_evaluate = bool(idle and best and held_out and best.text not in _evaluated(views)) and (
        spent or steps % params.evaluate_every == 0
    )
    over = not usable or (idle and spent and not to_evaluate)
    return Course(steps, tried, fresh, idle, spent, best, to_evaluate, over)


def trajectory(course: Course, *, most: int) -> list[tuple[str, int]]:
    """The best instructions with their scores as whole numbers, the best last; each once."""
    found: dict[str, Tried] = {}
    for each in course.tried:
        found.setdefault(each.text, each)
    ordered = sorted(found.values(), key=lambda each: (each.score, each.step))
    return [(each.text, each.bucket) for each in ordered[-most:]]


def _evaluated(views: Any) -> set[str]:
    return {view.draft.instruction for view in views if view.draft.data["split"] == HELD_OUT}
