"""Labels of single answers, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from generation.api.door import RefusedError, api_seat
from generation.models import Role
from review.label_schemas import LabelConflictsOut
from review.reports.label_conflicts import conflicts_seen

router = Router(tags=["labels"])


@router.get("/projects/{slug:slug}/labels/conflicts", response=LabelConflictsOut)
def list_label_conflicts(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Answers that were called good and bad, with who said so, the newest first. Editors and owners; 409 "blind" until
    you had the pairs shown, where labels tell what people judge."""
    seen = conflicts_seen(api_seat(request, slug, Role.EDITOR))
    if seen.hidden:
        raise RefusedError(409, "blind", "Have the pairs shown first, on their page; it is written down.", path="query")
    return {"count": seen.count, "items": seen.rows, "of_newest": seen.of_newest}
