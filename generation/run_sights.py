"""Whether somebody may read what the models of a run wrote, or would write: its page, its calls and its preview name
models and verdicts beside the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from generation.access import Seat
from generation.models import Answer, Look, PreferencePair, Run
from generation.models.samples import SampleQuerySet
from generation.recipes.base import Recipe
from generation.recipes.rehearsal import Proposed

COMPARING = ("model_comparison", "generate_pairs", "rank_responses", "constitutional", "complex_from_simple")
"""Recipes that make answers to compare, or judge them: theirs are kept from the first call on."""


class Asking(NamedTuple):
    """Who asks people, blind, about what runs wrote: whether about a run, and the condition on samples."""

    of_run: Callable[[Run], bool]
    of_sample: Exists


ASKING: list[Asking] = []
"""Added by who asks (`review/reports/sights.py`), for this app does not know that anybody does."""


def hides_texts(run: Run) -> bool:
    """Whether the run made answers or pairs, or is about to, or judges some; or people rate what it wrote."""
    if run.recipe in COMPARING or "answers" in (run.pinned or {}) or any(asking.of_run(run) for asking in ASKING):
        return True
    return Answer.objects.filter(run=run).exists() or PreferencePair.objects.filter(run=run).exists()


def may_read(seat: Seat, run: Run) -> bool:
    """Whether the person may see texts beside the names of the run's models: always where it made nothing to compare,
    else once they looked, which is recorded."""
    return not hides_texts(run) or has_looked_at_run(seat, run=run.pk)


def has_looked_at_run(seat: Seat, *, run: int) -> bool:
    """Whether the person had what stands behind the run's answers shown, or behind all of the project's."""
    looks = Look.objects.filter(person=seat.person, project=seat.project)
    return looks.filter(run=run).exists() or looks.filter(run=None, sample=None).exists()


def told_of_preview(seat: Seat, *, recipe: Recipe, proposed: Sequence[Proposed]) -> list[Proposed]:
    """What a preview brought as far as the person may know it: of a recipe that judges answers which are there already
    neither scores nor why there is no pair, for people may still vote on them blind."""
    judging = any("answers" in group for group in recipe.reads)
    if not judging or Look.objects.filter(person=seat.person, project=seat.project, run=None, sample=None).exists():
        return list(proposed)
    return [
        Proposed(replace(each.draft, scores={}, data={}, counted={}, drop_reason=""), (), "") for each in proposed
    ]  # fmt: skip


def told_of(seat: Seat, *, run: int, rows: SampleQuerySet) -> SampleQuerySet:
    """Those of the run's samples that may be listed as its own, for a run names models: all for who looked, else those
    without answers that people compare, and that nobody is asked to rate."""
    if has_looked_at_run(seat, run=run):
        return rows
    for asking in ASKING:
        rows = rows.exclude(asking.of_sample)
    return rows.exclude(Exists(Answer.objects.filter(sample=OuterRef("pk"))))
