"""Reports on the quality of sets of rows, kept as they were measured."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import Job, Project, Run
from review.models.datasets import Dataset, DatasetVersion


class QualityReport(models.Model):
    """What was measured over the rows of a frozen `version`, over those that a `run` brought, or, where both are None,
    over the samples that `criteria` let through; where it says {"pairs": "all"}, over all pairs.

    `told` is the report as plain JSON, empty until its `job` is done; `figures` maps a finding's code to its [value,
    unit, level], which is what lists and histories read; `asked` holds the thresholds by section that were asked for.
    None of it changes afterwards, whatever becomes of the rows.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="quality_reports", db_index=False)
    version = models.ForeignKey(DatasetVersion, models.CASCADE, null=True, blank=True, related_name="quality_reports")
    run = models.ForeignKey(Run, models.CASCADE, null=True, blank=True, related_name="quality_reports")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="quality_report")
    criteria: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict, blank=True)
    asked: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    random_seed = models.BigIntegerField(default=42)
    rows = models.PositiveBigIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    figures: models.JSONField[dict[str, list[Any]], Any] = models.JSONField(default=dict, blank=True)
    told: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(version=None) | models.Q(run=None), name="one_subject_of_a_quality_report"
            )
        ]

    @property
    def kind(self) -> str:
        """The kind of its rows, by which it is judged who may see it: that of its version, pairs, or samples."""
        if self.version is not None:
            return self.version.dataset.kind
        return Dataset.Kind.PREFERENCE.value if "pairs" in self.criteria else Dataset.Kind.SFT.value


class FoundRows(models.Model):
    """The ids of rows that a finding of a report speaks of, worst first: `part` 0 holds the first `PART` of them.

    They stand beside the report, so that a page reads only those that it shows.
    """

    PART = 1000

    report = models.ForeignKey(QualityReport, models.CASCADE, related_name="found", db_index=False)
    code = models.CharField(max_length=60)
    part = models.PositiveIntegerField()
    ids: models.JSONField[list[int], Any] = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "code", "part"], name="one_part_of_found_rows")]
