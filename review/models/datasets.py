"""Datasets, frozen versions, and the rows that a version pins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models import Feedback, Job, PreferencePair, Project, Sample, Text
from review.models.split_sizes import SplitSizes


class Dataset(models.Model):
    """A named selection of a project's rows. `kind` says which: `sft` and `ranking` pin samples, `preference` pairs,
    `feedback` and `text` rows of their own models. `about` is what people say of it for its card (licence, title)."""

    class Kind(models.TextChoices):
        SFT = "sft"
        PREFERENCE = "preference"
        FEEDBACK = "feedback"
        TEXT = "text"
        RANKING = "ranking"

    project = models.ForeignKey(Project, models.CASCADE, related_name="datasets")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.SFT)
    about: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_dataset_per_name")]


TELLING_KINDS = (Dataset.Kind.PREFERENCE.value, Dataset.Kind.RANKING.value)
"""Kinds whose rows tell which answer was preferred: they are shown to those who may know."""


class DatasetVersionQuerySet(models.QuerySet["DatasetVersion"]):
    """Versions as pages, exports and the API read them."""

    def in_project(self, project: Project) -> DatasetVersionQuerySet:
        """The project's versions, newest first."""
        return self.filter(dataset__project=project).order_by("-id")

    def complete(self) -> DatasetVersionQuerySet:
        """Those whose rows are all pinned; the others are still being frozen, or were given up."""
        return self.exclude(content_hash="")

    def given_up(self) -> DatasetVersionQuerySet:
        """Those whose job was cancelled before every row was pinned: nobody will ever ask for their rows."""
        cancelled = Job.State.CANCELLED
        return self.filter(models.Q(exports__job__state=cancelled) | models.Q(job__state=cancelled), content_hash="")


class DatasetVersion(models.Model):
    """An immutable version: its rows pin revisions, so nothing that happens later changes it.

    `content_hash` is the SHA-256 over the pinned revisions' hashes in order; it is empty until every row is pinned.
    `splits` maps a split's name to its rows, `figures` is what was counted while freezing (what each source gave). A
    version that was frozen by itself names the `job` that did it; one that an export froze has none.
    """

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    parent = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="children")
    config: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    splits: models.JSONField[dict[str, int], Any] = SplitSizes(default=dict, blank=True)
    figures: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=300, blank=True, default="")
    rows = models.PositiveBigIntegerField(default=0)
    content_hash = models.CharField(max_length=64)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="version")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    frozen_at = models.DateTimeField()

    objects = DatasetVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="one_dataset_version_per_number")]


class DatasetRow(models.Model):
    """One row of a version: which row in which revision, at which place, in which split, from which source of the mix.

    Exactly one of `sample`, `pair`, `feedback` and `text` is set, by the kind of the dataset. `revision` is that of the
    sample, for a pair that of its prompt. The same row may stand in a version more than once where a mix repeats it.
    `answers` lists [answer, rank, score] as they stood: all of a ranking's, and chosen and rejected of a pair with
    scores; later scores change nothing about a frozen row.
    """

    version = models.ForeignKey(DatasetVersion, models.CASCADE, related_name="pins", db_index=False)
    position = models.PositiveBigIntegerField()
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    pair = models.ForeignKey(PreferencePair, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    feedback = models.ForeignKey(Feedback, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.ForeignKey(Text, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    revision = models.PositiveIntegerField(default=1)
    split = models.CharField(max_length=12, blank=True, default="")
    source = models.CharField(max_length=60, blank=True, default="")
    answers: models.JSONField[list[Any] | None, Any] = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="one_row_per_position")]
        # By subject first: for telling versions apart, and for the question whether a subject may be deleted.
        indexes = [
            models.Index(fields=[subject, "version"], condition=models.Q(**{f"{subject}__isnull": False}), name=name)
            for subject, name in (
                ("sample", "pins_of_samples"),
                ("pair", "pins_of_pairs"),
                ("feedback", "pins_of_feedback"),
                ("text", "pins_of_texts"),
            )
        ]
