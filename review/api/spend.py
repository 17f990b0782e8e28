"""What was spent, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from generation.api.door import api_seat
from review.reports.spend import spend_by, totals
from review.spend_schemas import SpendFilters, SpendOut

router = Router(tags=["spend"])


@router.get("/projects/{slug:slug}/spend", response=SpendOut)
def get_spend(request: HttpRequest, slug: str, query: Query[SpendFilters]) -> dict[str, Any]:
    """The project's sums, by run unless another kind is asked for. Lines of two currencies are never to be added up."""
    project = api_seat(request, slug).project
    return {"by": query.by, "totals": totals(project), "lines": spend_by(project, by=query.by)}
