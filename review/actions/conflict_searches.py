"""Looking for samples that ask the same: asked for by editors, done by a job, kept as groups of ids. Pairs of one
prompt that contradict each other are held back on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from generation.access import Seat
from generation.actions.contradictions import sweep_contradictions
from generation.actions.jobs import finish_job, save_progress, start_job
from generation.models import Job
from generation.quality.report import Asked
from generation.quality.report.duplicates import Duplicates
from review.models import ConflictGroup, ConflictSearch
from review.policies import check_can_measure
from review.quality_facts import BATCH, alive_in, facts_of_samples

KIND = "review.find_conflicts"
MOST_GROUPS = 5000
"""Groups of each kind that one search keeps, the worst first."""
MOST_IN_GROUP = 20_000
"""Samples of a group that are kept and settled; `size` tells how many there are."""

Found = tuple[str, Sequence[int], float]


def start_conflict_search(seat: Seat, *, now: datetime) -> ConflictSearch:
    """A search over all approved and waiting samples, and its waiting job. One that is under way is not begun twice.
    Editors and owners only."""
    check_can_measure(seat)
    with transaction.atomic():
        under_way = ConflictSearch.objects.filter(project=seat.project, job__state__in=("waiting", "running"))
        if (found := under_way.order_by("-pk").first()) is not None:
            return found
        made = ConflictSearch.objects.create(project=seat.project, made_by=seat.person, created_at=now)
        made.job = start_job(seat.project, kind=KIND, params={"search": made.pk}, by=seat.person, now=now)
        made.save(update_fields=["job"])
    return made


def fill_conflict_search(job: Job, *, clock: Callable[[], datetime]) -> None:
    """Does the job's search and ends the job. It begins anew when another worker takes over: nothing is written before
    the end. `JobLostError` when somebody else has it now."""
    search = ConflictSearch.objects.select_related("project").get(pk=job.params["search"])
    rows = alive_in(search.project)
    total = rows.count()
    save_progress(job, now=clock(), total=total)
    seen, done = Duplicates(Asked(language=search.project.language)), 0
    for done, facts in enumerate(facts_of_samples(rows), 1):
        seen.see(facts)
        if not done % BATCH:
            save_progress(job, now=clock(), done=min(done, total))
    groups = list(_kept(search, seen.groups()))
    sweep_contradictions(search.project_id)
    with transaction.atomic():
        save_progress(job, now=clock(), done=total)
        _write(search, groups)
        ConflictSearch.objects.filter(pk=search.pk).update(rows=done, groups=len(groups), finished_at=clock())
        finish_job(job, now=clock())


def key_of(ids: Iterable[int]) -> str:
    """The name of a group: the same for the same samples in any order."""
    return hashlib.sha256(" ".join(map(str, sorted(ids))).encode()).hexdigest()


def _kept(search: ConflictSearch, found: Iterable[Found]) -> Iterator[ConflictGroup]:
    counted: dict[str, int] = {}
    for kind, ids, similarity in found:
        counted[kind] = counted.get(kind, 0) + 1
        if counted[kind] <= MOST_GROUPS:
            yield ConflictGroup(
                project_id=search.project_id, search=search, kind=kind, key=key_of(ids), size=len(ids),
                samples=list(ids[:MOST_IN_GROUP]), similarity=round(similarity, 4),
            )  # fmt: skip


def _write(search: ConflictSearch, groups: Sequence[ConflictGroup]) -> None:
    """What nobody settled gives way; what somebody did is not asked again."""
    mine = ConflictGroup.objects.filter(project=search.project_id)
    mine.filter(state=ConflictGroup.State.OPEN).delete()
    ConflictGroup.objects.bulk_create(groups, batch_size=200, ignore_conflicts=True)
