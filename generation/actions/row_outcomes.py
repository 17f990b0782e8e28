"""What came of an import: its speed, the time it still needs, and how many rows of each kind it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fdc_project.web.paging import Count, capped_count
from generation.actions.row_index import KIND as INDEXING
from generation.models import Feedback, Job, JobFault, Media, MediaUse, PreferencePair, Sample, Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures of one import. `speed` is rows a second, `seconds_left` None while it cannot be told; counts are capped.

    `indexed` is how many of its samples search finds already, None once it finds them all. `missing` names some media
    that its rows refer to and nobody uploaded.
    """

    samples: Count
    prompts: Count
    pairs: Count
    feedback: Count
    texts: Count
    faults: Count
    speed: float
    seconds_left: float | None
    indexed: int | None
    missing: tuple[str, ...]


def outcome_of(job: Job, *, now: datetime) -> Outcome:
    """The figures as they stand."""
    rows = Sample.objects.filter(job=job)
    took = ((job.finished_at or now) - (job.started_at or now)).total_seconds()
    speed = job.done / took if took > 0 else 0.0
    indexing = Job.objects.filter(kind=INDEXING, params__import=job.pk).exclude(state=Job.State.DONE).first()
    return Outcome(
        samples=capped_count(rows.exclude(state=Sample.State.GENERATED)),
        prompts=capped_count(rows.filter(state=Sample.State.GENERATED)),
        pairs=capped_count(PreferencePair.objects.filter(job=job)),
        feedback=capped_count(Feedback.objects.filter(job=job)),
        texts=capped_count(Text.objects.filter(job=job)),
        faults=capped_count(JobFault.objects.filter(job=job), cap=2_000_000),
        speed=speed,
        seconds_left=_left(job, speed),
        indexed=indexing.done if indexing else None,
        missing=_missing(job),
    )


def _left(job: Job, speed: float) -> float | None:
    """From the rows where their number is known, else from the place in the file."""
    if job.over or not speed:
        return None
    if job.total:
        return (job.total - job.done) / speed
    place, size = job.cursor.get("place", 0), job.params.get("size", 0)
    return (size - place) / place * job.done / speed if place else None


def _missing(job: Job) -> tuple[str, ...]:
    uses = MediaUse.objects.filter(sample__job=job) | MediaUse.objects.filter(feedback__job=job)
    names = list(uses.order_by("name").values_list("name", flat=True).distinct()[:200])
    there = set(Media.objects.filter(project=job.project_id, name__in=names).values_list("name", flat=True))
    return tuple(name for name in names if name not in there)
