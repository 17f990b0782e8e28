"""Answers that were called good and bad: labels that contradict each other teach a model nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from generation.models import Feedback, Project

MOST = 200
_SAME = ("system", "prompt", "input", "completion")


@dataclass(frozen=True, slots=True)
class LabelConflict:
    """One prompt and completion with both labels, and how often each was given. `newest` is the id of the last."""

    prompt: str
    completion: str
    good: int
    bad: int
    newest: int


def label_conflicts(project: Project) -> Sequence[LabelConflict]:
    """What has both labels, byte for byte the same, the newest first; `MOST` at most. One query."""
    rows = Feedback.objects.filter(project=project, turns=[]).order_by().values(*_SAME)
    both = rows.annotate(
        ups=Count("pk", filter=Q(good=True)), downs=Count("pk", filter=Q(good=False)), newest=Max("pk")
    ).filter(ups__gt=0, downs__gt=0)  # fmt: skip
    return [
        LabelConflict(row["prompt"], row["completion"], row["ups"], row["downs"], row["newest"])
        for row in both.order_by("-newest")[:MOST]
    ]
