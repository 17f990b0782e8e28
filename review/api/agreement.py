"""Agreement of people and judges, for programs."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from generation.api.door import api_seat
from generation.models import Role
from review.agreement_schemas import AgreementOut, JudgesOut
from review.reports.agreement import Agreement, agreement_of, round_or_404
from review.reports.judges import Judges, judges_of

router = Router(tags=["agreement"])


@router.get("/projects/{slug:slug}/rounds/{int:round_id}/agreement", response=AgreementOut)
def get_agreement(request: HttpRequest, slug: str, round_id: int) -> Agreement:
    """How far the people of the round agree. A reviewer's figures are over closed comparisons that they voted on."""
    seat = api_seat(request, slug, Role.REVIEWER)
    return agreement_of(seat, asked=round_or_404(seat, round_id))


@router.get("/projects/{slug:slug}/judges", response=JudgesOut)
def get_judges(request: HttpRequest, slug: str) -> Judges:
    """Each judge of the project's pairs beside what people decided, read from the newest pairs."""
    return judges_of(api_seat(request, slug, Role.EDITOR).project)
