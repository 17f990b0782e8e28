"""The web application with one promise broken on purpose, named by the variable MUTANT. The checker must notice."""

from __future__ import annotations

import os
from typing import Any

from fdc_project.wsgi import application
from review.actions import decisions, leases, queue

__all__ = ["application"]


def naive_take(
    seat: Any, criteria: Any, *, slot: int, size: int, besides: tuple[int, ...], only: int
) -> tuple[int, ...]:
    """Select, then write: nobody's claim is in its way."""
    rows = queue.waiting_for(seat, criteria=criteria).exclude(pk__in=besides).order_by("id")
    found = tuple(rows.values_list("pk", flat=True)[:size])
    for pk in found:
        queue.Claim.objects.update_or_create(
            subject_kind=queue.SUBJECT, subject_id=pk, slot=slot,
            defaults={"project": seat.project, "person": seat.person, "expires_at": leases.until()},
        )  # fmt: skip
    return found


if os.environ.get("MUTANT") == "naive_claim":
    queue._take = naive_take
if os.environ.get("MUTANT") == "forgotten_key":
    decisions.first_answer = lambda sample, **_: None
