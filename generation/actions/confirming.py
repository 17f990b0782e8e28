"""When a run may not simply start: it may cost more than the project lets pass without a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generation.actions.estimates import Estimate
from generation.models import Project

CONFIRM_ABOVE = 1_000_000
"""Micro-units of whatever currency, where a project says nothing of its own."""


@dataclass(frozen=True, slots=True)
class Concern:
    """Why somebody has to say yes: "over_limit", "not_measured" or "unknown_price".

    `most` is the most that the run may cost, None where nobody can tell; both sums are micro-units of `currency`.
    """

    code: str
    limit: int
    currency: str
    most: int | None = None


def limit_of(confirm_above: Mapping[str, int], *, currency: str) -> int:
    """Micro-units of the currency up to which a run starts without a question."""
    return confirm_above.get(currency, CONFIRM_ABOVE)


def needs_confirmation(project: Project, *, estimate: Estimate, budget_micro: int | None) -> Concern | None:
    """What has to be confirmed before a run of this estimate starts under this cap; None when it may just start.

    A run cannot cost more than its cap. Without one, the high end of a measured estimate counts; what was not measured,
    or has no price, is always asked about.
    """
    if estimate.free:
        return None
    limit = limit_of(project.confirm_above, currency=estimate.currency)
    known = [sum_ for sum_ in (budget_micro, estimate.micro[1] if estimate.cost else None) if sum_ is not None]
    if estimate.price is None or (estimate.measured is not None and estimate.cost is None):  # or that of a part
        return Concern("unknown_price", limit, estimate.currency)
    if not known:
        return Concern("not_measured", limit, estimate.currency)
    most = min(known)
    return Concern("over_limit", limit, estimate.currency, most) if most > limit else None
