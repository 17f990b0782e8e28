"""What the browse pages read: pages by key, counts that stop at a cap, one sample with its past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models.functions import Substr

from fdc_project.web.paging import Count, Page, capped_count, page_of
from generation.access import Seat
from generation.actions.tallies import counts
from generation.models import Call, PreferencePair, Project, Revision, Run, Sample
from review.criteria import Criteria
from review.reports.receipts import with_receipt
from review.reports.sights import told_by_run

PAGE_SIZE = 50
LONGEST_TITLE = 240
LONGEST_REPLY = 20_000
LATEST_RUNS = 50
MOST_SHOWN = 50
"""Revisions and calls on a sample's page."""
MOST_PAIRS = 20
_LIST_FIELDS = (
    "id", "project_id", "state", "reason", "origin", "flagged", "edited", "language", "task_type", "revision",
    "created_at", "run__model", "run__recipe",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list, how many rows there are, and how many in each state."""

    page: Page[Sample]
    count: Count
    by_state: dict[str, int]
    total: int
    runs: Sequence[Run]


@dataclass(frozen=True, slots=True)
class Step:
    """A revision beside the one before it, None for the first."""

    revision: Revision
    before: Revision | None


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call with its raw reply as text. `cut` says that the reply goes on."""

    call: Call
    reply: str
    cut: bool


def browse(seat: Seat, *, criteria: Criteria, after: str | None) -> Found:
    """One page of the filter, newest first, after the row with the id `after`; by a run only what may be told of it."""
    project = seat.project
    rows = told_by_run(seat, run=criteria.run, rows=criteria.apply(Sample.objects.in_project(project)))
    listed = rows.select_related("run").only(*_LIST_FIELDS).annotate(
        title=Substr("instruction", 1, LONGEST_TITLE), answer=Substr("output", 1, LONGEST_TITLE)
    )  # fmt: skip
    by_state = counts(project.pk, kind="sample")
    known = criteria in (Criteria(), Criteria(state=criteria.state))
    number = by_state.get(criteria.state, 0) if criteria.state else sum(by_state.values())
    return Found(
        page=page_of(listed, after=after, size=PAGE_SIZE, newest_first=True),
        count=Count(number, False) if known else capped_count(rows),
        by_state=by_state,
        total=sum(by_state.values()),
        runs=list(Run.objects.in_project(project).only("pk", "recipe")[:LATEST_RUNS]),
    )


def sample_in(project: Project, sample_id: int) -> Any | None:
    """The project's sample with its receipt, or None."""
    return with_receipt(Sample.objects.in_project(project)).filter(pk=sample_id).first()


def steps_of(sample: Sample) -> list[Step]:
    """The newest revisions, newest first, each with the one before it."""
    newest = Revision.objects.filter(sample=sample).select_related("author").order_by("-number")[: MOST_SHOWN + 1]
    revisions = [*(list(newest) or [sample.first_revision()]), None]
    return [Step(now, before) for now, before in pairwise(revisions) if now][:MOST_SHOWN]


def calls_of(sample: Sample) -> list[CallSeen]:
    """The newest calls of the item that made the sample, in order, repeats included."""
    if sample.draft is None:
        return []
    calls = (
        Call.objects.filter(item=sample.draft.item_id)
        .select_related("endpoint")
        .order_by("-step", "-index", "-attempt")
    )
    return [_seen(call) for call in calls[:MOST_SHOWN]][::-1]


def pairs_of(sample: Sample) -> list[PreferencePair]:
    """The newest preference pairs whose prompt is the sample, with both answers, newest first."""
    return list(
        PreferencePair.objects.filter(sample=sample).select_related("chosen", "rejected").order_by("-id")[:MOST_PAIRS]
    )


def _seen(call: Call) -> CallSeen:
    raw = bytes(call.raw)
    return CallSeen(call, raw[:LONGEST_REPLY].decode("utf-8", "replace"), len(raw) > LONGEST_REPLY)
