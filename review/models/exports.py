"""Exports: files written from a frozen version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import Job, Project
from review.models.datasets import DatasetVersion


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports as pages and the API read them."""

    def in_project(self, project: Project) -> ExportQuerySet:
        """The project's exports, newest first, with what a line of the list shows."""
        return self.filter(project=project).select_related("job", "version", "made_by").order_by("-id")


class Export(models.Model):
    """One file, or one bundle of files, in one format from one version, built by a job.

    `options` holds `layout` and everything else that decided about the bytes; `files` lists what a bundle holds, each
    with name, size, sha256, rows and split. `file_name` is what a person's browser will save; on disk the file lies
    under `stored_name`, which is random.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="exports")
    version = models.ForeignKey(DatasetVersion, models.PROTECT, related_name="exports")
    job = models.OneToOneField(Job, models.PROTECT, related_name="export")
    format = models.CharField(max_length=60)
    options: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    files: models.JSONField[list[dict[str, Any]], Any] = models.JSONField(default=list, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    rows_without_model = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    file_name = models.CharField(max_length=200, blank=True, default="")
    stored_name = models.CharField(max_length=80, blank=True, default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    @property
    def ready(self) -> bool:
        """Whether the file is whole and may be fetched."""
        return self.finished_at is not None

    @property
    def statement(self) -> str:
        """What must be said of rows in whose making no language model had a part; empty when there are none."""
        if not self.rows_without_model:
            return ""
        return f"{self.rows_without_model} of {self.rows} rows: made by rules, no language model was used"
