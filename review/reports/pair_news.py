"""Whether a report on pairs is older than they are: how many came since it was measured."""

from __future__ import annotations

from itertools import takewhile

from fdc_project.web.paging import Count
from generation.models import PreferencePair
from review.pair_criteria import PairCriteria
from review.reports.pair_report import ReportSeen

MOST = 1000
"""Counted no further."""


def came_since(seen: ReportSeen) -> Count | None:
    """How many pairs of the report's filter came after it was begun; None where that is not told: of a frozen version
    nothing comes, and to who votes blind no count by what stands behind pairs is given."""
    report, criteria = seen.report, PairCriteria.from_query(seen.report.criteria)
    if report.version_id is not None or (criteria.telling and not seen.open):
        return None
    begun = (report.job.started_at if report.job else None) or report.created_at
    rows = criteria.apply(PreferencePair.objects.filter(project=report.project_id)).order_by("-pk")
    newest = rows.values_list("created_at", flat=True)[: MOST + 1].iterator(chunk_size=100)
    number = sum(1 for _each in takewhile(lambda made: made > begun, newest))
    return Count(min(number, MOST), number > MOST)
