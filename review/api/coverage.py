"""Coverage: what rows are about, where they are missing, how many there should be."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from generation.api.door import api_seat
from generation.models import Role
from generation.schemas import JobOut
from review.actions.coverage_counts import set_targets, start_count
from review.coverage_schemas import CountIn, CoverageIn, CoverageOut, told_coverage
from review.reports.coverage import coverage_seen

router = Router(tags=["coverage"])
_HERE = "/projects/{slug:slug}/coverage"


@router.get(_HERE, response=CoverageOut)
def get_coverage(request: HttpRequest, slug: str, query: Query[CoverageIn]) -> dict[str, Any]:
    """The rows by two axes, the cells that lack rows, the targets, and what was never used: terms, seeds, documents."""
    seat = api_seat(request, slug)
    return told_coverage(coverage_seen(seat, down=query.down, across=query.across, approved=query.rows == "approved"))


@router.post(_HERE, response={202: JobOut})
def count_coverage(request: HttpRequest, slug: str, body: CountIn) -> Status[Any]:
    """Has the rows counted by a job, and keeps targets. Editors and owners."""
    seat, now = api_seat(request, slug, Role.EDITOR), timezone.now()
    for axis, rows in body.targets.items():
        set_targets(seat, axis=axis, rows=rows, now=now)
    return Status(202, start_count(seat, now=now))
