"""Workflows: runs in a row, each drawing from what the one before made, by hand or by the clock."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from fdc_project.web.states import table
from generation.models.jobs import Job
from generation.models.projects import Project


class WorkflowQuerySet(models.QuerySet["Workflow"]):
    """Workflows as pages and the API read them."""

    def in_project(self, project: Project) -> WorkflowQuerySet:
        """The project's workflows that were not retired, newest first."""
        return self.filter(project=project, retired_at=None).order_by("-id")


class Workflow(models.Model):
    """Steps to be run in a row. A step is plain JSON: {"recipe", "params", "language", "endpoint", "model", "budget",
    "random_seed", "draws", "sources"}.

    `draws` says what a later step takes of the step before it: "passed" (all that people did not reject) or "approved"
    (it then waits until nothing of that step waits for review). The first step's `sources` are a `Choice` as JSON.
    `only_new` leaves out what the first steps of earlier turns drew from. `every_hours` 0 means by hand.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="workflows")
    name = models.CharField(max_length=120)
    steps: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list)
    only_new = models.BooleanField(default=True)
    every_hours = models.PositiveIntegerField(default=0)
    schedule = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = WorkflowQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class WorkflowTurn(models.Model):
    """One passage through a workflow, over a snapshot of its steps. `step` is the one at work, from 0.

    Its runs are found by `Run.turn` and `Run.step`. `message` is a code that says why it ended as it did.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        COMPLETED = "completed"
        COMPLETED_WITH_ERRORS = "completed_with_errors"
        CANCELLED = "cancelled"
        FAILED = "failed"

    TRANSITIONS = table(
        running="completed completed_with_errors cancelled failed",
        failed="running",
        completed="",
        completed_with_errors="",
        cancelled="",
    )

    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="turns")
    steps: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list)
    state = models.CharField(max_length=24, choices=State, default=State.RUNNING)
    step = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True, default="")
    by_clock = models.BooleanField(default=False)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workflow", "-id"])]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state != self.State.RUNNING
