"""Samples: the list with its filters, and one with its whole history."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from fdc_project.web.paging import page_of
from generation.api.door import api_seat
from generation.api.seeds import listed
from generation.models import Sample
from generation.schemas import Listed
from review.criteria import Criteria
from review.reports.sights import told_by_run
from review.reports.veils import veil_titles
from review.schemas import SampleFilters, SampleOut, SampleWholeOut

router = Router(tags=["samples"])


@router.get("/projects/{slug:slug}/samples", response=Listed[SampleOut])
def list_samples(request: HttpRequest, slug: str, query: Query[SampleFilters]) -> dict[str, Any]:
    """The project's samples, oldest first. By `run`, prompts whose answers people compare are left out until you had
    the run's answers shown."""
    criteria = Criteria(
        state=query.state,
        flagged=query.flagged,
        run=query.run,
        language=query.language,
        origin=query.origin,
        search=query.q,
    )
    seat = api_seat(request, slug)
    rows = told_by_run(seat, run=query.run, rows=criteria.apply(Sample.objects.in_project(seat.project)))
    page = page_of(rows, after=query.after, size=query.size)
    veil_titles(seat, page.rows)
    return listed(page)


@router.get("/projects/{slug:slug}/samples/{int:sample_id}", response=SampleWholeOut)
def get_sample(request: HttpRequest, slug: str, sample_id: int) -> Sample:
    """One sample with its revisions and decisions."""
    seat = api_seat(request, slug)
    found = get_object_or_404(Sample.objects.in_project(seat.project), pk=sample_id)
    veil_titles(seat, [found])
    return found
