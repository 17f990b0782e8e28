"""What there is to train on single answers with (KTO): labels by where they come from, and their balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from generation.actions.tallies import counts
from generation.models import Project, Sample
from review.labels import ORIGINS
from review.mixes.readiness import Remark, balance_remark
from review.models import Dataset
from review.selection import Selection


@dataclass(frozen=True, slots=True)
class OriginSeen:
    """Labels of one origin that may train."""

    origin: str
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class LabelsSeen:
    """All labels, and what could be drawn: decided samples and pairs that are exportable. `balance` is None without
    any label."""

    origins: Sequence[OriginSeen]
    good: int
    bad: int
    balance: Remark | None
    decided: int
    pairs: int


def labels_of(project: Project) -> LabelsSeen:
    """The project's labels, counted by origin as a dataset would take them."""
    seen = [_counted(project, origin) for origin in ORIGINS]
    good, bad = sum(each.good for each in seen), sum(each.bad for each in seen)
    samples = counts(project.pk, kind="sample")
    decided = samples.get(Sample.State.APPROVED, 0) + samples.get(Sample.State.REJECTED, 0)
    exportable = counts(project.pk, kind="pair").get("exportable", 0)
    return LabelsSeen(seen, good, bad, balance_remark(good, bad) if good or bad else None, decided, exportable)


def _counted(project: Project, origin: str) -> OriginSeen:
    rows = Selection(kind=Dataset.Kind.FEEDBACK, origin=origin).rows(project).order_by()
    found = dict(rows.values_list("good").annotate(n=Count("pk")))
    return OriginSeen(origin, found.get(True, 0), found.get(False, 0))
