"""What pages of every app show of review: counts of the top bar, counted only where there is one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from review.reports.rounds import open_comparisons


def counted_elsewhere(request: HttpRequest) -> dict[str, Any]:
    """For `top_bar`: entry -> what counts it."""
    return {"counted_elsewhere": {"compare": open_comparisons}}
