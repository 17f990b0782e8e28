"""Reports on the quality of rows: asked for by editors, measured by a job, kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from generation.access import Seat
from generation.actions.evaluation_sets import note_contamination
from generation.actions.jobs import cancel_job, finish_job, kept_lease, save_progress, start_job
from generation.actions.vector_models import embed_of_installation
from generation.models import Job, Project, Run, Sample
from generation.models.samples import SampleQuerySet
from generation.quality.report import Asked, Report, RowFacts, report_of
from generation.quality.report.settings import DEFAULTS, ReportSettings
from review.criteria import Criteria
from review.models import DatasetVersion, FoundRows, QualityReport
from review.models.datasets import TELLING_KINDS
from review.policies import check_can_measure
from review.quality_facts import coverage_of, facts_of_samples, facts_of_version, held_out_of
from review.quality_pairs import OF_PAIRS, facts_of_pairs, measured_pairs

KIND = "review.measure_quality"
_UNMEASURED = (Sample.State.GENERATED, Sample.State.FILTERED)
"""Prompts without an answer of their own, and what checks dropped already; measured only where they are asked for."""

Clock = Callable[[], datetime]


class NoRowsError(Exception):
    """There is nothing to measure: no row, or a version that is not frozen yet."""


def start_quality_report(
    seat: Seat, *, now: datetime, version: DatasetVersion | None = None, run: Run | None = None,
    criteria: Criteria | None = None, pairs: bool = False, settings: ReportSettings | None = None,
    random_seed: int = 42,
) -> QualityReport:  # fmt: skip
    """A report on the rows of a frozen version, of a run, of a filter of samples, or on the chosen answers of all
    `pairs`, and the waiting job that will measure it. One that is being measured already is not begun twice, whoever
    asks at the same moment. Editors and owners only. `NoRowsError`."""
    check_can_measure(seat)
    criteria = criteria or Criteria()
    if pairs:
        empty = not measured_pairs(seat.project).exists()
    elif version is not None:
        empty = not version.content_hash
    else:
        empty = not measured_samples(seat, run=run, criteria=criteria).exists()
    if empty:
        raise NoRowsError
    wanted: dict[str, Any] = {
        "project": seat.project, "version": version, "run": run, "random_seed": random_seed,
        "criteria": OF_PAIRS if pairs else {} if version or run else criteria.as_dict(),
        "asked": (settings or DEFAULTS).as_asked(),
    }  # fmt: skip
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=seat.project.pk)  # one start at a time
        waiting = QualityReport.objects.filter(**wanted, job__state__in=(Job.State.WAITING, Job.State.RUNNING))
        if (found := waiting.order_by("-pk").first()) is not None:
            return found
        made = QualityReport.objects.create(**wanted, made_by=seat.person, created_at=now)
        made.job = start_job(seat.project, kind=KIND, params={"report": made.pk}, by=seat.person, now=now)
        made.save(update_fields=["job"])
    return made


def fill_quality_report(job: Job, *, clock: Clock) -> None:
    """Measures the job's report and ends the job. It begins anew when another worker takes over: nothing is written
    before the end. `JobLostError` when somebody else has it now."""
    rows = QualityReport.objects.select_related("project", "version__dataset", "run")
    report = rows.get(pk=job.params["report"])
    facts, total = _facts_of(report)

    def hold(done: int) -> None:
        save_progress(job, now=clock(), done=min(done, total), total=total)

    hold(0)
    asked = Asked(
        random_seed=report.random_seed, language=report.project.language,
        held_out=held_out_of(report.project, of_pool=report.version is None),
        settings={"coverage": coverage_of(report.project)} | report.asked, embed=embed_of_installation(),
    )  # fmt: skip
    with kept_lease(job, clock=clock):
        found = report_of(facts, asked=asked, told=hold)
    with transaction.atomic():
        hold(total)
        _keep(report, found, now=clock())
        _note_contamination(report, found, now=clock())
        finish_job(job, now=clock())


def cancel_quality_report(seat: Seat, *, report: QualityReport, now: datetime) -> None:
    """Stops the measuring; the report stays empty. Editors and owners only. `TransitionError` when it is over."""
    check_can_measure(seat)
    if report.job is not None:
        cancel_job(report.job, now=now)


def measured_samples(seat: Seat, *, run: Run | None = None, criteria: Criteria | None = None) -> SampleQuerySet:
    """The samples that a report on a run or a filter measures: rows kept for evaluation never, prompts without an
    answer and what checks dropped only where the filter asks for that state."""
    return _samples(seat.project.pk, run=run, criteria=criteria or Criteria())


def _samples(project: int, *, run: Run | None, criteria: Criteria) -> SampleQuerySet:
    rows = Sample.objects.filter(project=project, evaluation=False)
    rows = rows.filter(run=run) if run is not None else criteria.apply(rows)
    return rows if criteria.state else rows.exclude(state__in=_UNMEASURED)


def _facts_of(report: QualityReport) -> tuple[Iterator[RowFacts], int]:
    if report.version is not None:
        return facts_of_version(report.version), report.version.rows
    if report.criteria == OF_PAIRS:
        pairs = measured_pairs(report.project)
        return facts_of_pairs(pairs), pairs.count()
    rows = _samples(report.project_id, run=report.run, criteria=Criteria.from_query(report.criteria))
    return facts_of_samples(rows), rows.count()


def _keep(report: QualityReport, found: Report, *, now: datetime) -> None:
    findings = found.told["findings"]
    figures = {each["code"]: [each["value"], each["unit"], each["level"]] for each in findings}
    warnings = sum(each["level"] == "warn" for each in findings)
    QualityReport.objects.filter(pk=report.pk).update(
        told=found.told, figures=figures, warnings=warnings, rows=found.told["rows"], finished_at=now
    )
    FoundRows.objects.filter(report=report).delete()
    parts = (
        FoundRows(report=report, code=code, part=at // FoundRows.PART, ids=ids[at : at + FoundRows.PART])
        for code, ids in found.rows.items()
        for at in range(0, len(ids), FoundRows.PART)
    )
    FoundRows.objects.bulk_create(parts, batch_size=100)


def _note_contamination(report: QualityReport, found: Report, *, now: datetime) -> None:
    """With each evaluation set what was found of it; not where counts of rows tell which answers were preferred."""
    told = found.told["sections"].get("contamination", {})
    if report.kind not in TELLING_KINDS:
        sets = told.get("sets", ())
        note_contamination(report.project_id, sets=sets, preset=told.get("preset", ""), report=report.pk, now=now)
