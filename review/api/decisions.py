"""Decisions: what people say of samples, once for each key, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Query, Router, Status

from fdc_project.web.paging import page_of
from generation.access import Seat
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.models import Role
from generation.schemas import Fault, Listed, Paging
from review.actions.changes import DecisionError, Outcome, SampleNotFoundError, Texts
from review.actions.decisions import decide, reopen, restore, undo
from review.models import Decision
from review.schemas import DecisionIn, DecisionOut, OutcomeOut, PutBackIn, UndoIn

router = Router(tags=["decisions"])

Key = Header(..., alias="Idempotency-Key", min_length=8, max_length=64)
ANSWERS = {200: OutcomeOut, 409: OutcomeOut, 422: Fault}


@router.get("/projects/{slug:slug}/decisions", response=Listed[DecisionOut])
def list_decisions(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """Everything that was said of the project's samples, newest first."""
    project = api_seat(request, slug).project
    rows = Decision.objects.filter(project=project).select_related("person")
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/decisions", response=ANSWERS)
def make_decision(request: HttpRequest, slug: str, body: DecisionIn, key: str = Key) -> Status[Outcome]:
    """Says something of a sample. The same key gets the first answer again; 409 when somebody was faster."""
    seat = api_seat(request, slug, Role.REVIEWER)
    text = Texts(**body.text.dict()) if body.text else None
    return _told(
        seat,
        key,
        lambda: decide(
            seat,
            sample_id=body.sample,
            action=body.action,
            key=key,
            version=body.version,
            revision=body.revision,
            text=text,
            reason=body.reason,
            note=body.note,
            seconds=body.seconds,
            now=timezone.now(),
        ),
    )


@router.post("/projects/{slug:slug}/decisions/undo", response=ANSWERS)
def undo_decision(request: HttpRequest, slug: str, body: UndoIn, key: str = Key) -> Status[Outcome]:
    """Takes one of your decisions back; the history keeps both."""
    seat = api_seat(request, slug, Role.REVIEWER)
    return _told(seat, key, lambda: undo(seat, key=key, now=timezone.now(), decision_id=body.decision))


@router.post("/projects/{slug:slug}/samples/{int:sample_id}/reopen", response=ANSWERS)
def reopen_sample(request: HttpRequest, slug: str, sample_id: int, body: PutBackIn, key: str = Key) -> Status[Outcome]:
    """Puts a decided sample back to review. Editors and owners only."""
    seat = api_seat(request, slug, Role.EDITOR)
    now = timezone.now()
    return _told(
        seat, key, lambda: reopen(seat, sample_id=sample_id, key=key, version=body.version, reason=body.reason, now=now)
    )


@router.post("/projects/{slug:slug}/samples/{int:sample_id}/restore", response=ANSWERS)
def restore_sample(request: HttpRequest, slug: str, sample_id: int, body: PutBackIn, key: str = Key) -> Status[Outcome]:
    """Puts a sample that a check filtered out to review all the same. Editors and owners only."""
    seat = api_seat(request, slug, Role.EDITOR)
    now = timezone.now()
    return _told(
        seat,
        key,
        lambda: restore(seat, sample_id=sample_id, key=key, version=body.version, reason=body.reason, now=now),
    )


def _told(seat: Seat, key: str, verb: Callable[[], Outcome]) -> Status[Outcome]:
    """The outcome with its status: 200 saved, 409 conflict, 404 no such sample, 422 nonsense."""
    try:
        outcome = verb()
    except SampleNotFoundError:
        raise RefusedError(404, "not_found", "There is no such sample in this project.") from None
    except DecisionError as refused:
        raise RefusedError(422, refused.code, path="body") from None
    if outcome.repeated and outcome.decision_id is None:
        first = Decision.objects.filter(person=seat.person, key=key).values_list("pk", flat=True).first()
        outcome = replace(outcome, decision_id=first)
    return Status(200 if outcome.saved else 409, outcome)
