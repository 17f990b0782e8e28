"""Counting what the rows of a project are about: done by a job, which keeps what it found and what is aimed at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from generation.access import Seat
from generation.actions.jobs import finish_job, kept_lease, save_progress, start_job
from generation.actions.tallies import counts as tallied
from generation.models import Job, Project, Sample
from generation.models.samples import SampleQuerySet
from generation.quality.diversity import Reservoir
from generation.quality.diversity.topics import TopicModel, topic_model
from generation.quality.report.coverage_axes import Reader, topic_words
from generation.quality.report.coverage_counts import Counts
from review.actions.bulk_moves import pieces
from review.policies import check_can_measure
from review.quality_facts import ALIVE, BATCH, alive_in, coverage_of, facts_of_samples

KIND = "review.count_coverage"
READ_FOR_TOPICS = 2000
"""Rows that topics are found in; all rows are then held against them."""
GROWN = 1.2
"""Times as many rows as topics were found in, from which they are looked for anew; until then they keep their names."""
AIMED_AT = ("task_type", "topic", "language", "difficulty", "length", "category")
"""Axes of which somebody may say how many rows a value should have."""
MOST_TARGETS = 200
MOST_ROWS_AIMED_AT = 100_000_000
LONGEST_VALUE = 120

Targets = Mapping[str, Mapping[str, int]]
"""Axis -> value -> rows that there should be."""


def start_count(seat: Seat, *, now: datetime) -> Job:
    """A job that counts the project's approved and waiting rows on every axis; one that is under way is not begun
    twice. What is aimed at goes on with it. Editors and owners only."""
    check_can_measure(seat)
    with transaction.atomic():
        newest = newest_count(seat.project)
        if newest is not None and not newest.over:
            return newest
        return _begin(seat, targets=newest.params.get("targets", {}) if newest else {}, now=now)


def set_targets(seat: Seat, *, axis: str, rows: Mapping[str, int], now: datetime) -> None:
    """Says how many rows each of these values of an axis should have; 0 takes the target away. Editors and owners
    only. The newest count keeps it; without one a count is begun."""
    check_can_measure(seat)
    with transaction.atomic():
        newest = newest_count(seat.project)
        job = Job.objects.select_for_update().get(pk=newest.pk) if newest else _begin(seat, targets={}, now=now)
        targets = dict(job.params.get("targets", {}))
        mine = {value[:LONGEST_VALUE]: min(wanted, MOST_ROWS_AIMED_AT) for value, wanted in rows.items() if value}
        kept = {value: n for value, n in (targets.get(axis, {}) | mine).items() if n > 0}
        targets[axis] = dict(list(kept.items())[:MOST_TARGETS])
        job.params = job.params | {"targets": {name: each for name, each in targets.items() if each}}
        job.save(update_fields=["params"])


def newest_count(project: Project) -> Job | None:
    """The project's newest count in whatever state, without what it found."""
    return Job.objects.in_project(project).filter(kind=KIND).defer("cursor").first()


def counted(project: Project) -> Job | None:
    """The newest count that is done: `cursor["told"]` has what `_told` says."""
    return Job.objects.in_project(project).filter(kind=KIND, state=Job.State.DONE).first()


def targets_of(project: Project) -> Targets:
    """What is aimed at, empty where nobody said."""
    newest = newest_count(project)
    return newest.params.get("targets", {}) if newest else {}


def expected_of(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the axes have to have, filled or not: types of the seeds, languages, categories."""
    return {
        "task_type": wanted.get("task_types", ()), "language": wanted.get("languages", ()),
        "category": tuple(wanted.get("categories", ())),
    }  # fmt: skip


def fill_count(job: Job, *, clock: Callable[[], datetime]) -> None:
    """Does the job's count and ends the job; counts before it give way. It begins anew when another worker takes over:
    nothing is written before the end. `JobLostError` when somebody else has it now."""
    project = job.project
    seen = tallied(project.pk, kind="sample")
    rows = alive_in(project)
    total = rows.count()
    save_progress(job, now=clock(), total=total)
    with kept_lease(job, clock=clock):
        model, modelled = _model(rows, total=total, before=counted(project))
        wanted = coverage_of(project)
        reader, approved, every = Reader(wanted, model), Counts(expected_of(wanted)), Counts(expected_of(wanted))
        for done, facts in enumerate(facts_of_samples(rows), 1):
            place = reader.place(facts)
            every.add(facts.id, place)
            if facts.state == Sample.State.APPROVED:
                approved.add(facts.id, place)
            if not done % BATCH:
                save_progress(job, now=clock(), done=min(done, total))
    told = {
        "as_of": clock().isoformat(), "approved": approved.told(), "all": every.told(), "model": model.as_json(),
        "modelled": modelled, "states": {state: seen.get(state, 0) for state in ALIVE},
    }  # fmt: skip
    with transaction.atomic():
        save_progress(job, now=clock(), done=total, cursor={"told": told})
        finish_job(job, now=clock())
        older = Job.objects.filter(project=project, kind=KIND, pk__lt=job.pk)
        older.filter(state__in=[Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED]).delete()


def _begin(seat: Seat, *, targets: Targets, now: datetime) -> Job:
    return start_job(seat.project, kind=KIND, params={"targets": targets}, by=seat.person, now=now)


def _model(rows: SampleQuerySet, *, total: int, before: Job | None) -> tuple[TopicModel, int]:
    """The topics, and in how many rows they were found: those of the count before as long as they speak for the rows,
    so that a topic keeps its name."""
    told = before.cursor.get("told", {}) if before else {}
    if told and told["model"]["terms"] and total <= GROWN * told["modelled"]:
        return TopicModel.from_json(told["model"]), told["modelled"]
    drawn: Reservoir[int] = Reservoir(size=READ_FOR_TOPICS, random_seed=0)
    for pk in rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH):
        if (place := drawn.wants(pk)) is not None:
            drawn.take(pk, pk, drawn=place)
    ids = drawn.rows()
    words = [topic_words(facts) for some in pieces(sorted(ids)) for facts in facts_of_samples(rows.filter(pk__in=some))]
    return topic_model(words), total
