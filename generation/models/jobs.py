"""Jobs: imports, exports, reports and schedules, which any worker may pick up and any other may finish."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from fdc_project.web.states import table
from generation.models.projects import Project


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs as pages, the API and the workers' timer read them."""

    def in_project(self, project: Project) -> JobQuerySet:
        """The project's jobs, newest first."""
        return self.filter(project=project).order_by("-id")

    def due(self, now: datetime) -> JobQuerySet:
        """Those that a worker should pick up: waiting ones whose time has come, running ones whose lease ran out."""
        waiting = Q(state=Job.State.WAITING) & (Q(not_before=None) | Q(not_before__lte=now))
        lost = Q(state=Job.State.RUNNING, lease_until__lt=now)
        return self.filter(waiting | lost).order_by("id")

    def at_work(self) -> JobQuerySet:
        """Those that are not over yet."""
        return self.filter(state__in=[Job.State.WAITING, Job.State.RUNNING])


class Job(models.Model):
    """A long piece of work as a row: its cursor says where to go on, its lease who is at it.

    `total` is 0 while it is not known. `errors` lists the first faults as {"line", "code", "path", "excerpt"}.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    TRANSITIONS = table(
        waiting="running cancelled", running="waiting done failed cancelled", failed="waiting", done="", cancelled=""
    )

    project = models.ForeignKey(Project, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    params: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    cursor: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    total = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    skipped = models.PositiveBigIntegerField(default=0)
    errors: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    message = models.CharField(max_length=300, blank=True, default="")
    owner = models.CharField(max_length=80, blank=True, default="")
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "kind", "id"]), models.Index(fields=["project", "kind", "-id"])]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in {Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED}


class JobFault(models.Model):
    """One fault of a row in the file that a job reads: all of them, where `Job.errors` has the first ones."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="faults")
    line = models.PositiveBigIntegerField()
    severity = models.CharField(max_length=7)
    code = models.CharField(max_length=60)
    path = models.CharField(max_length=200, blank=True, default="")
    message = models.TextField(blank=True, default="")
    excerpt = models.TextField(blank=True, default="")
