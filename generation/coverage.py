"""The coverage of a run that draws entities, out of what its tasks were planned with."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from generation.models import Item, Run, Sample
from generation.recipes.domain_generation import RECIPE
from generation.recipes.domain_generation.coverage import Coverage, Used, coverage
from generation.recipes.domain_generation.draws import drawn_from
from generation.recipes.domain_generation.generate import Generate

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class TypeFigures:
    """One task type: its calls, the records that passed the checks, and those that were dropped with their text."""

    name: str
    calls: int
    kept: int
    filtered: int


@dataclass(frozen=True, slots=True)
class RunCoverage:
    """The draws of a run, and what came of them by task type. `wanted` records were asked for, `lacking` never came."""

    draws: Coverage
    types: tuple[TypeFigures, ...]
    wanted: int
    lacking: int


def coverage_of(run: Run) -> RunCoverage | None:
    """The figures; None for a run of another recipe, or one that has planned nothing yet. Reads each task once."""
    if run.recipe != RECIPE.name:
        return None
    payloads = Item.objects.filter(run=run, stage=Generate.name).values_list(
        "payload__seed_ids", "payload__entities", "payload__task_type"
    )
    calls = (
        Used(tuple(seeds or ()), tuple(entities or ()), task_type or "")
        for seeds, entities, task_type in payloads.iterator(chunk_size=_CHUNK)
    )
    vocabulary = drawn_from(run.pinned.get("vocabulary", {}), run.params.get("only_terms") or ())
    draws = coverage(calls, vocabulary=vocabulary, seed_ids=run.seed_ids)
    if not draws.calls:
        return None
    filtered = Q(state=Sample.State.FILTERED)
    rows = Sample.objects.filter(run=run).order_by().values("task_type")
    counted = rows.annotate(kept=Count("id", filter=~filtered), dropped=Count("id", filter=filtered))
    made = {row["task_type"]: (row["kept"], row["dropped"]) for row in counted}
    types = tuple(TypeFigures(name, calls, *made.get(name, (0, 0))) for name, calls in draws.task_types)
    reasons = run.tallies.filter(name=f"draft.{Generate.name}.missing_record").values_list("count", flat=True)
    return RunCoverage(draws, types, draws.calls * run.params["records_per_call"], reasons.first() or 0)
