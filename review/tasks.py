"""Celery tasks of this app: thin doors that read the clock and make one call."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from generation.actions.jobs import work_on
from review.actions.conflict_searches import fill_conflict_search
from review.actions.coverage_counts import fill_count
from review.actions.exports import build_export
from review.actions.freezing import freeze_version
from review.actions.held_out_splits import fill_split
from review.actions.hub import push_bundle
from review.actions.pair_reports import fill_report
from review.actions.quality_reports import fill_quality_report
from review.actions.rounds import fill_round
from review.actions.score_files import read_scores
from review.actions.selection_work import fill_selection


@shared_task(name="review.build_export")
def build_export_task(job_id: int, **_: Any) -> None:
    """Builds the export of the job; safe to run twice, and on any worker."""
    _work(job_id, build_export)


@shared_task(name="review.freeze_version")
def freeze_version_task(job_id: int, **_: Any) -> None:
    """Freezes the version of the job; safe to run twice, and on any worker."""
    _work(job_id, freeze_version)


@shared_task(name="review.push_to_hub")
def push_to_hub_task(job_id: int, **_: Any) -> None:
    """Uploads the bundle of the job to the Hugging Face Hub."""
    _work(job_id, push_bundle)


@shared_task(name="review.fill_round")
def fill_round_task(job_id: int, **_: Any) -> None:
    """Makes the comparisons of a large round."""
    _work(job_id, fill_round)


@shared_task(name="review.report_pairs")
def report_pairs_task(job_id: int, **_: Any) -> None:
    """Measures a set of preference pairs."""
    _work(job_id, fill_report)


@shared_task(name="review.measure_quality")
def measure_quality_task(job_id: int, **_: Any) -> None:
    """Measures the quality of a set of rows."""
    _work(job_id, fill_quality_report)


@shared_task(name="review.select_rows")
def select_rows_task(job_id: int, **_: Any) -> None:
    """Puts the rows of a selection into their order."""
    _work(job_id, fill_selection)


@shared_task(name="review.keep_split")
def keep_split_task(job_id: int, **_: Any) -> None:
    """Copies a held-out split of a version into its evaluation set."""
    _work(job_id, fill_split)


@shared_task(name="review.read_scores")
def read_scores_task(job_id: int, **_: Any) -> None:
    """Reads a file of scores in."""
    _work(job_id, read_scores)


@shared_task(name="review.find_conflicts")
def find_conflicts_task(job_id: int, **_: Any) -> None:
    """Looks for samples that contradict or repeat each other."""
    _work(job_id, fill_conflict_search)


@shared_task(name="review.count_coverage")
def count_coverage_task(job_id: int, **_: Any) -> None:
    """Counts what the rows of a project are about."""
    _work(job_id, fill_count)


def _work(job_id: int, verb: Callable[..., None]) -> None:
    """Has the verb done for the job by this process."""
    close_old_connections()
    owner = f"{socket.gethostname()}:{os.getpid()}"
    work_on(job_id, owner=owner, clock=timezone.now, work=partial(verb, clock=timezone.now))
