"""What people bring in: seeds and vocabularies."""

from __future__ import annotations

from typing import Any

from django.db import models

from generation.models import search
from generation.models.projects import Project
from generation.types import Instance, SeedView


class SeedQuerySet(models.QuerySet["Seed"]):
    """Seeds as pages, runs and the API read them."""

    def in_project(self, project: Project) -> SeedQuerySet:
        """The project's seeds that were not retired."""
        return self.filter(project=project, retired_at=None)

    def matching(self, query: str) -> SeedQuerySet:
        """Those that hold every word of `query`; words of two Chinese characters are found too."""
        return search.matching(self, query)  # type: ignore[return-value]

    def tagged(self, tag: str) -> SeedQuerySet:
        """Those that carry the tag."""
        return search.tagged(self, tag)  # type: ignore[return-value]

    def page_after(self, last_id: int | None, size: int) -> SeedQuerySet:
        """One page by key, oldest first."""
        rows = self.order_by("id")
        return (rows.filter(id__gt=last_id) if last_id else rows)[:size]


class Seed(models.Model):
    """One seed task: an instruction with instances, or a free row of columns in `fields`."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="seeds")
    instruction = models.TextField(blank=True, default="")
    instances: models.JSONField[list[dict[str, str]], Any] = models.JSONField(default=list, blank=True)
    fields: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict, blank=True)
    is_classification = models.BooleanField(default=False)
    task_type = models.CharField(max_length=60, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    tags: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=200, blank=True, default="")
    source_id = models.CharField(max_length=120, blank=True, default="")
    source_line = models.PositiveIntegerField(null=True, blank=True)
    content_hash = models.CharField(max_length=64)
    search = models.TextField(blank=True, default="", editable=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = SeedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "content_hash"], name="one_seed_per_content")]
        indexes = [models.Index(fields=["project", "task_type", "id"])]

    def __str__(self) -> str:
        return self.instruction[:80] or next(iter(self.fields.values()), "")[:80]

    def view(self) -> SeedView:
        """The seed as recipes see it."""
        return SeedView(
            id=self.pk,
            instruction=self.instruction,
            instances=tuple(Instance(each["input"], each["output"]) for each in self.instances),
            is_classification=self.is_classification,
            task_type=self.task_type,
            language=self.language,
            tags=tuple(self.tags),
            fields=self.fields,
        )


class Vocabulary(models.Model):
    """A dictionary of terms by category, from which recipes draw entities."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="vocabularies")
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, blank=True, default="")
    terms: models.JSONField[dict[str, list[str]], Any] = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_vocabulary_per_name")]

    def __str__(self) -> str:
        return self.name
