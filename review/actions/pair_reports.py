"""Reports on sets of preference pairs: asked for by editors, measured by a job, kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from generation.access import Seat
from generation.actions.jobs import finish_job, save_progress, start_job
from generation.models import Job, PreferencePair
from generation.preferences.bias import report_of
from review.models import Dataset, DatasetVersion, PairReport
from review.pair_criteria import PairCriteria
from review.pair_facts import facts_of_rows, facts_of_version
from review.policies import check_can_keep_pairs

KIND = "review.report_pairs"


class NoPairsError(Exception):
    """There is nothing to measure: no pair, or a version that holds none or is not frozen yet."""


def start_report(
    seat: Seat, *, now: datetime, criteria: PairCriteria | None = None, version: DatasetVersion | None = None,
    random_seed: int = 42,
) -> PairReport:  # fmt: skip
    """A report on the pairs of a filter or of a frozen version, and the waiting job that will measure it. One that is
    being measured already is not begun twice. Editors and owners only. `NoPairsError`."""
    check_can_keep_pairs(seat)
    criteria = criteria or PairCriteria()
    if version is not None:
        empty = not version.content_hash or version.dataset.kind != Dataset.Kind.PREFERENCE
    else:
        empty = not criteria.apply(PreferencePair.objects.filter(project=seat.project)).exists()
    if empty:
        raise NoPairsError
    asked = {"project": seat.project, "version": version, "criteria": {} if version else criteria.as_dict()}
    with transaction.atomic():
        waiting = PairReport.objects.filter(**asked, random_seed=random_seed, job__state__in=("waiting", "running"))
        if (found := waiting.order_by("-pk").first()) is not None:
            return found
        made = PairReport.objects.create(**asked, random_seed=random_seed, made_by=seat.person, created_at=now)
        made.job = start_job(seat.project, kind=KIND, params={"report": made.pk}, by=seat.person, now=now)
        made.save(update_fields=["job"])
    return made


def fill_report(job: Job, *, clock: Callable[[], datetime]) -> None:
    """Measures the job's report and ends the job. It begins anew when another worker takes over: reading is cheap.
    `JobLostError` when somebody else has it now."""
    report = PairReport.objects.select_related("project", "version__dataset").get(pk=job.params["report"])
    if report.version is not None:
        facts, total = facts_of_version(report.version), report.version.rows
    else:
        rows = PairCriteria.from_query(report.criteria).apply(PreferencePair.objects.filter(project=report.project))
        facts, total = facts_of_rows(rows), rows.count()

    def hold(done: int) -> None:
        save_progress(job, now=clock(), done=done, total=total)

    hold(0)
    found = report_of(facts, random_seed=report.random_seed, told=hold)
    with transaction.atomic():
        hold(total)
        PairReport.objects.filter(pk=report.pk).update(told=found.told, rows=found.rows, pairs=found.told["pairs"])
        finish_job(job, now=clock())
