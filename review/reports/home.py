"""What the home page of a project reads: the funnel, the latest runs, who decides, why rows fall out, what is next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count

from fdc_project.web.paging import capped_count
from generation.actions.tallies import counts
from generation.models import Item, Person, Project, Run, Sample
from review.models import Claim, Decision, Export
from review.reports.funnel import Funnel, funnel_from

LATELY = timedelta(hours=24)
REASONS_OF_LAST = 10_000
_DECIDING = [Decision.Action.APPROVE, Decision.Action.REJECT, Decision.Action.EDIT]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One of the latest runs: items finished of those planned so far, and the rows it made (capped)."""

    run: Run
    done: int
    failed: int
    total: int
    rows: int
    rows_more: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What a person decided lately; `seconds` is the median, None when it was not measured."""

    person: Person
    rows: int
    seconds: float | None
    here: bool


@dataclass(frozen=True, slots=True)
class Fallout:
    """A reason for which rows fall out, and how often it was given among the latest ones."""

    state: str
    reason: str
    rows: int


def funnel_of(project: Project) -> Funnel:
    """The project's funnel from its tallies; three statements whatever its size."""
    exported = Export.objects.filter(project=project, finished_at__isnull=False).exclude(sha256="").order_by("-id")
    rows = exported.values_list("rows", flat=True).first()
    return funnel_from(counts(project.pk, kind="seed"), counts(project.pk, kind="sample"), exported=rows or 0)


def latest_runs(project: Project, *, limit: int = 6) -> list[RunLine]:
    """The latest runs, newest first."""
    runs = list(Run.objects.in_project(project)[:limit])
    ended = Item.objects.filter(run__in=runs, state__in=[Item.State.DONE, Item.State.FAILED])
    by_run = {
        (row["run"], row["state"]): row["n"] for row in ended.values("run", "state").annotate(n=Count("id")).order_by()
    }
    lines = []
    for run in runs:
        done, failed = by_run.get((run.pk, "done"), 0), by_run.get((run.pk, "failed"), 0)
        rows = capped_count(Sample.objects.filter(run=run))
        lines.append(RunLine(run, done, failed, max(run.next_number, done + failed), rows.number, rows.more))
    return lines


def people_lately(project: Project, *, now: datetime) -> list[PersonLine]:
    """Who decided within the last day, or holds rows now; the busiest first."""
    made = Decision.objects.filter(project=project, created_at__gt=now - LATELY, action__in=_DECIDING, undone_by=None)
    rows, seconds = Counter[int](), dict[int, list[float]]()
    for person_id, took in made.values_list("person_id", "seconds"):
        rows[person_id] += 1
        if took is not None:
            seconds.setdefault(person_id, []).append(took)
    here = set(Claim.objects.filter(project=project, expires_at__gt=now).values_list("person_id", flat=True))
    people = Person.objects.in_bulk(set(rows) | here)
    lines = [
        PersonLine(person, rows[pk], median(seconds[pk]) if pk in seconds else None, pk in here)
        for pk, person in people.items()
    ]
    return sorted(lines, key=lambda line: (-line.rows, line.person.username))


def fallouts(project: Project, *, limit: int = 8) -> list[Fallout]:
    """Why rows were filtered or rejected, among the latest 10,000 of each, most frequent first."""
    found = []
    for state in (Sample.State.FILTERED, Sample.State.REJECTED):
        latest = Sample.objects.in_project(project).filter(state=state).order_by("-id").values("pk")[:REASONS_OF_LAST]
        grouped = (
            Sample.objects.filter(pk__in=latest).values("reason").annotate(rows=Count("pk")).order_by("-rows", "reason")
        )
        found += [Fallout(state, row["reason"], row["rows"]) for row in grouped[:limit]]
    return found


def seconds_per_row(project: Project) -> float | None:
    """The median time of the latest 200 decisions, or None below five measured ones."""
    took = Decision.objects.filter(project=project, seconds__isnull=False, action__in=_DECIDING).order_by("-id")
    latest = [seconds for seconds in took.values_list("seconds", flat=True)[:200] if seconds is not None]
    return median(latest) if len(latest) >= 5 else None
