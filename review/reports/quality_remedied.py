"""What was done about the findings of a report, and by whom: read from the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from generation.models import AuditEntry
from review.actions.quality_remedies import REMEDY, UNDO_REMEDY
from review.models import QualityReport

MOST = 20
"""The last remedies of a report that are looked at."""


@dataclass(frozen=True, slots=True)
class Remedied:
    """One remedy: its audit `entry`, what was done ("drop", "review"), to how many rows, by whom and when; `undone`
    once it was taken back."""

    entry: int
    finding: str
    way: str
    moved: int
    by: str
    when: datetime
    undone: bool


def remedied(report: QualityReport, *, code: str = "") -> Sequence[Remedied]:
    """The last remedies of a report, or of one of its findings, newest first. The ids of their rows are not read."""
    mine = AuditEntry.objects.filter(project=report.project_id, subject=f"report {report.pk}")
    rows = mine.filter(action=REMEDY)
    if code:
        rows = rows.filter(detail__finding=code)
    said = {name: KeyTextTransform(name, "detail") for name in ("finding", "way")}
    rows = rows.annotate(**said, moved=KeyTransform("moved", "detail"), by=F("person__username")).order_by("-pk")
    found = list(rows.values_list("pk", "finding", "way", "moved", "by", "created_at")[:MOST])
    back = mine.filter(action=UNDO_REMEDY, detail__undoes__in=[each[0] for each in found])
    undone = set(back.values_list("detail__undoes", flat=True)) if found else set()
    return [
        Remedied(entry, finding or "", way or "", int(moved or 0), by or "", when, entry in undone)
        for entry, finding, way, moved, by, when in found
    ]
