"""Texts to ground on, and the stretches of them that samples were made from."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from generation.models.projects import Project
from generation.models.samples import Sample
from generation.types import DocumentView

MOST_WORDS = 8


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents as pages, runs and the API read them."""

    def in_project(self, project: Project) -> DocumentQuerySet:
        """The project's documents that were not taken away."""
        return self.filter(project=project, retired_at=None)

    def listed(self) -> DocumentQuerySet:
        """Without file and text, for lists."""
        return self.defer("content", "text", "headings")

    def matching(self, query: str) -> DocumentQuerySet:
        """Those whose name or text holds every word of `query`, wherever in a word it begins."""
        rows = self
        for word in query.split()[:MOST_WORDS]:
            rows = rows.filter(Q(name__icontains=word) | Q(text__icontains=word))
        return rows


class Document(models.Model):
    """A text to ground on: the file as it came, and the `text` that was read from it.

    `headings` are [offset, level, title], offsets in code points of `text`; `meta` holds what else the file said, and
    `pages`, the offset of each page. `content_hash` is that of the file's bytes. A document that something was made
    from is never deleted, only retired: it leaves lists and future runs.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="documents")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100, default="text/plain")
    content = models.BinaryField()
    size = models.PositiveBigIntegerField(default=0)
    text = models.TextField(blank=True, default="")
    characters = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=64)
    language = models.CharField(max_length=10, blank=True, default="")
    headings: models.JSONField[list[list[Any]], Any] = models.JSONField(default=list, blank=True)
    meta: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "content_hash"], name="one_document_per_content")]

    def __str__(self) -> str:
        return self.name

    @property
    def pages(self) -> int:
        """How many pages the file had; 0 where it has none."""
        return len(self.meta.get("pages", ()))

    def view(self) -> DocumentView:
        """The document as recipes see it."""
        headings = tuple((each[0], each[1], each[2]) for each in self.headings)
        return DocumentView(self.pk, self.name, self.text, self.language, headings)


class Grounding(models.Model):
    """A stretch of a document that a sample was made from: [start, end) in code points of the document's text.

    `index` is its place among the sample's own, the most telling (what is quoted) first.
    """

    sample = models.ForeignKey(Sample, models.CASCADE, related_name="grounds")
    document = models.ForeignKey(Document, models.CASCADE, related_name="grounds")
    index = models.PositiveSmallIntegerField(default=0)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sample", "index"], name="one_ground_per_index")]
        indexes = [models.Index(fields=["document", "start", "id"])]
