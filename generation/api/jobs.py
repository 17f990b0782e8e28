"""Jobs: how far long work is, and stopping it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.actions.jobs import cancel_job, retry_job
from generation.api.door import api_seat
from generation.api.seeds import listed
from generation.models import Job, Role
from generation.schemas import JobOut, Listed, Paging

router = Router(tags=["jobs"])


@router.get("/projects/{slug:slug}/jobs", response=Listed[JobOut])
def list_jobs(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's imports and exports, newest first."""
    rows = Job.objects.in_project(api_seat(request, slug).project)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.get("/projects/{slug:slug}/jobs/{int:job_id}", response=JobOut)
def get_job(request: HttpRequest, slug: str, job_id: int) -> Job:
    """One job with its counts and first faults."""
    return _job(api_seat(request, slug), job_id)


@router.post("/projects/{slug:slug}/jobs/{int:job_id}/cancel", response=JobOut)
def stop_job(request: HttpRequest, slug: str, job_id: int) -> Job:
    """Stops a job that is not over; what it wrote stays. 409 when it is over."""
    return cancel_job(_job(api_seat(request, slug, Role.EDITOR), job_id), now=timezone.now())


@router.post("/projects/{slug:slug}/jobs/{int:job_id}/retry", response=JobOut)
def try_job_again(request: HttpRequest, slug: str, job_id: int) -> Job:
    """Puts a failed job back to work from where it stood. 409 when it did not fail."""
    return retry_job(_job(api_seat(request, slug, Role.EDITOR), job_id), now=timezone.now())


def _job(seat: Seat, job_id: int) -> Job:
    return get_object_or_404(Job.objects.in_project(seat.project), pk=job_id)
