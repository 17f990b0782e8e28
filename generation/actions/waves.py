"""Planning a run in waves: wave n+1 is planned from the pool as wave n-1 left it, so that workers never wait."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from generation.actions.assignments import assignment_of
from generation.actions.pool_memory import Memory
from generation.actions.run_tallies import move_tallies
from generation.engine.driver import Assignment
from generation.engine.fingerprint import derived_seed
from generation.models import Item, Run
from generation.types import AdmittedView, PoolView

_BATCH = 500
Fenced = Callable[[], None]
"""Raises unless the pool is still the caller's. Called first in every transaction."""


def pool_view(run: Run, *, wave: int, memory: Memory) -> PoolView:
    """The pool as the plan of `wave` may see it: all of it follows from waves that are decided, whoever worked them."""
    seen: dict[str, list[AdmittedView]] = {
        stage: [view for view in views if view.wave <= wave - 2] for stage, views in memory.admitted_of(run).items()
    }
    items = Item.objects.filter(run=run).order_by()
    planned = dict(items.values_list("stage").annotate(Count("id")))
    finished = dict(items.filter(wave__lte=wave - 2).values_list("stage").annotate(Count("id")))
    drawn = memory.sources_of(run)
    return PoolView(
        wave, drawn.seeds, drawn.samples, drawn.documents, drawn.vocabulary, seen, planned, finished, run.random_seed,
        drawn.prompts,
    )  # fmt: skip


def plan_next_wave(run: Run, *, memory: Memory, fenced: Fenced, now: datetime) -> bool:
    """Plans the next wave, which may be empty; False when the run has nothing left to plan or to wait for.

    Planning it twice changes nothing: items are unique by (run, number).
    """
    wave = run.wave + 1
    assignment = assignment_of(run)
    view = pool_view(run, wave=wave, memory=memory)
    planned = [] if assignment.recipe.finished(view, assignment.params) else _payloads(run, assignment, view)
    if not planned and not Item.objects.filter(run=run, wave__gte=wave - 1).exists():
        return False
    items = [
        Item(
            run=run, stage=stage, wave=wave, number=number, payload=payload,
            random_seed=derived_seed(run.random_seed, number),
        )
        for number, (stage, payload) in enumerate(planned, run.next_number)
    ]  # fmt: skip
    for start in range(0, len(items), _BATCH):
        with transaction.atomic():
            fenced()
            Item.objects.bulk_create(items[start : start + _BATCH], ignore_conflicts=True)
    with transaction.atomic():
        fenced()
        Run.objects.filter(pk=run.pk, wave=run.wave).update(wave=wave, next_number=run.next_number + len(items))
        move_tallies(run.pk, moves={"item.planned": len(items)})
    return True


def _payloads(run: Run, assignment: Assignment, view: PoolView) -> list[tuple[str, dict[str, Any]]]:
    """(stage, payload) of each task, stage by stage; chance depends on run, wave and stage alone."""
    found = []
    for stage in assignment.recipe.stages:
        context = assignment.context(random.Random(derived_seed(run.random_seed, view.wave, stage.name)))
        found += [(stage.name, payload) for payload in stage.plan(view, context)]
    return found
