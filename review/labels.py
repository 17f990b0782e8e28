"""Where the labels of feedback (KTO) come from: files, rounds of rating, decisions on samples, pairs taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from generation.models import Feedback, Project
from review.models.datasets import TELLING_KINDS, Dataset

DECISIONS, PAIRS = "decisions", "pairs"
"""`Feedback.source` of labels that were drawn from decisions on samples, and from preference pairs."""
PUT_AWAY = "put_away"
"""`Feedback.source` of drawn labels that no longer hold, but that a frozen version pins."""
ORIGINS = ("import", "round", "decision", "pair")

UPSTREAM = (3.5, 1.0, 5.0)
"""Good from 3.5 on a scale of 1 to 5: the threshold of the tutorial's `from_ratings`."""


def of_origin(origin: str) -> Q:
    """The feedback of one origin, "" for all; never what was put away."""
    live = ~Q(source=PUT_AWAY)
    drawn = Q(source__in=(DECISIONS, PAIRS))
    match origin:
        case "import":
            return live & Q(job__isnull=False)
        case "round":
            return live & Q(job__isnull=True) & ~drawn
        case "decision":
            return Q(source=DECISIONS)
        case "pair":
            return Q(source=PAIRS)
        case _:
            return live


def tells_preferences(project: Project, *, kind: str) -> bool:
    """Whether a file of this kind tells what was preferred: labels do where rounds or pairs gave some of them."""
    if kind != Dataset.Kind.FEEDBACK:
        return kind in TELLING_KINDS
    given = Feedback.objects.filter(of_origin("round") | of_origin("pair"), sample__isnull=False, project=project)
    return given.exists()


def good_from(low: float, high: float, *, share: float | None = None) -> float:
    """The score from which an answer counts as good on a scale: by default the place that 3.5 has from 1 to 5."""
    value, least, most = UPSTREAM
    share = (value - least) / (most - least) if share is None else share
    return low + share * (high - low)


def is_good(score: Mapping[str, Any], *, share: float | None = None) -> bool | None:
    """Whether a score reaches the threshold of its own scale, inclusive; None where it names no scale."""
    told = [score.get(name) for name in ("value", "low", "high")]
    numbers = [float(each) for each in told if isinstance(each, int | float) and not isinstance(each, bool)]
    if len(numbers) < len(told) or numbers[1] >= numbers[2]:
        return None
    value, low, high = numbers
    return value >= good_from(low, high, share=share) - 1e-9
