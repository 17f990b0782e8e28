"""What a frozen version is measured by, once, when it is sealed: languages, task types, labels, lengths of pairs."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Length

from review.models import Dataset, DatasetVersion
from review.selection import WITHOUT_MODEL

Kind = Dataset.Kind
_MOST_NAMES = 60
_PATHS: dict[str, dict[str, str]] = {
    Kind.SFT: {"languages": "sample__language", "task_types": "sample__task_type", "origins": "sample__origin"},
    Kind.RANKING: {"languages": "sample__language", "task_types": "sample__task_type"},
    Kind.PREFERENCE: {
        "languages": "pair__sample__language", "task_types": "pair__sample__task_type", "origins": "pair__source",
    },
    Kind.FEEDBACK: {"languages": "feedback__language"},
    Kind.TEXT: {"languages": "text__language"},
}  # fmt: skip


def measure(version: DatasetVersion) -> dict[str, Any]:
    """Figures about the pinned rows: shares by name (the 60 most frequent), and what its kind is judged by.

    Rows are counted as often as they stand in the version. Some four queries.
    """
    kind = version.dataset.kind
    told: dict[str, Any] = {name: _shares(version, path) for name, path in _PATHS[kind].items()}
    if kind == Kind.SFT:
        told["without_model"] = sum(told["origins"].get(origin, 0) for origin in WITHOUT_MODEL)
        told["several_turns"] = version.pins.exclude(sample__turns=[]).count()
    if kind == Kind.PREFERENCE:
        told |= _lengths(version) | {"rubrics": _rubrics(version)}
    if kind == Kind.FEEDBACK:
        told["good"] = version.pins.filter(feedback__good=True).count()
        told["bad"] = version.rows - told["good"]
    if kind == Kind.TEXT:
        told["characters"] = version.pins.aggregate(sum=Sum(Length("text__text")))["sum"] or 0
    return told


def _shares(version: DatasetVersion, path: str) -> dict[str, int]:
    rows = version.pins.values_list(path).annotate(n=Count("pk")).order_by("-n", path)
    return dict(rows[:_MOST_NAMES])


def _rubrics(version: DatasetVersion) -> int:
    """How many different rubrics judges followed; pairs that no judge saw have none."""
    return version.pins.exclude(pair__rubric="").values("pair__rubric").distinct().count()


def _lengths(version: DatasetVersion) -> dict[str, Any]:
    """In how many pairs the chosen answer is longer, in how many shorter, and the ratio of their mean lengths."""
    rows = version.pins.annotate(better=Length("pair__chosen__text"), worse=Length("pair__rejected__text"))
    told = rows.aggregate(
        chosen_longer=Count("pk", filter=Q(better__gt=F("worse"))),
        chosen_shorter=Count("pk", filter=Q(better__lt=F("worse"))),
        chosen=Sum("better"),
        rejected=Sum("worse"),
    )
    better, worse = told.pop("chosen"), told.pop("rejected")
    return told | {"length_ratio": round(better / worse, 4) if better and worse else None}
