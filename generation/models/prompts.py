"""Prompt templates with immutable versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from generation.models.projects import Project


class PromptTemplate(models.Model):
    """A project's own text for one prompt slot of a recipe in one language.

    `slot` is the slot's name ("self_instruct.classify"); a project without a row for a slot uses the shipped text.
    A `few_shot.custom` template carries the name of the task type that a person defined.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="templates")
    slot = models.CharField(max_length=120)
    language = models.CharField(max_length=10)
    name = models.CharField(max_length=120, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "slot", "language", "name"], name="one_template_per_slot")
        ]


class PromptVersionQuerySet(models.QuerySet["PromptVersion"]):
    """Versions as pages and runs read them."""

    def newest(self) -> PromptVersionQuerySet:
        """Of each template the version in use. Looked up by index, so that many versions cost no more than one."""
        versions = PromptVersion.objects.filter(template=models.OuterRef("template")).order_by("-number")
        return self.filter(number=models.Subquery(versions.values("number")[:1]))


class PromptVersion(models.Model):
    """One immutable text of a template. `text_hash` is the SHA-256 of the text. Version 1 is the shipped text.

    `declared` belongs to the task types that people define: {"fields": [columns shown], "answer": column asked for}.
    """

    template = models.ForeignKey(PromptTemplate, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    declared: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = PromptVersionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="one_version_per_number")]
        ordering = ["-number"]
