"""Two versions of a dataset row by row: what was added, removed, changed, or moved to another side of the split.

A row is the same row when it pins the same sample, pair, feedback or text; it changed when it pins another revision (a
ranking: other answers). Everything is asked of the database as sets, so a million rows cost about a second or two.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from review.models import Dataset, DatasetRow, DatasetVersion

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
CHANGES = (ADDED, REMOVED, CHANGED, MOVED)
_KEPT = 7 * 24 * 3600
"""Seconds for which the counts of a comparison are kept: versions never change, so they could be kept for ever."""

SUBJECTS = {"sft": "sample", "ranking": "sample", "preference": "pair", "feedback": "feedback", "text": "text"}


def rows_that(change: str, *, before: DatasetVersion, after: DatasetVersion) -> QuerySet[DatasetRow]:
    """The rows of `after` (removed ones: of `before`) that the change happened to, in order."""
    if change == REMOVED:
        return _missing(before, after).order_by("position")
    if change == ADDED:
        return _missing(after, before).order_by("position")
    own, twin = after.pins.all(), _twins(after, before)
    differs = ~Q(revision=OuterRef("revision"))
    if after.dataset.kind == Dataset.Kind.RANKING:
        # As text, because databases do not agree on when two JSON values are equal.
        own = own.annotate(said=Cast("answers", TextField()))
        twin = twin.annotate(said=Cast("answers", TextField()))
        differs |= ~Q(said=OuterRef("said"))
    if change == CHANGED:
        return own.filter(Exists(twin.filter(differs))).order_by("position")
    elsewhere = ~Q(split=OuterRef("split")) & ~Q(split="")
    return own.exclude(split="").filter(Exists(twin.filter(elsewhere).exclude(differs))).order_by("position")


def changes(before: DatasetVersion, after: DatasetVersion) -> dict[str, int]:
    """How many rows were added, removed, changed and moved. Four queries, and none when it was asked of late."""
    key = f"changes:{before.pk}:{after.pk}:{before.content_hash[:16]}:{after.content_hash[:16]}"
    known: dict[str, int] | None = cache.get(key) if before.content_hash and after.content_hash else None
    if known is None:
        known = {change: rows_that(change, before=before, after=after).count() for change in CHANGES}
        if before.content_hash and after.content_hash:
            cache.set(key, known, _KEPT)
    return known


def changes_since_parent(version: DatasetVersion) -> dict[str, Any]:
    """The figures entry "changes" with the counts against the parent, empty for a first version."""
    return {"changes": changes(version.parent, version)} if version.parent else {}


def twins_of(rows: list[DatasetRow], *, in_version: DatasetVersion) -> dict[int, DatasetRow]:
    """For each of these rows that the version has too, its row there, by the id of the given row. One query."""
    subject = SUBJECTS[in_version.dataset.kind]
    wanted = {getattr(row, f"{subject}_id"): row.pk for row in rows}
    found = in_version.pins.filter(**{f"{subject}_id__in": list(wanted)}).order_by("-position")
    return {wanted[getattr(row, f"{subject}_id")]: row for row in found}


def _missing(here: DatasetVersion, there: DatasetVersion) -> QuerySet[DatasetRow]:
    return here.pins.exclude(Exists(_twins(here, there)))


def _twins(here: DatasetVersion, there: DatasetVersion) -> QuerySet[DatasetRow]:
    subject = f"{SUBJECTS[here.dataset.kind]}_id"
    return DatasetRow.objects.filter(**{"version": there, subject: OuterRef(subject)})
