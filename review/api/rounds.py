"""Rounds of comparing and what is said in them: open one, take what comes next, vote, skip, take back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Header, Query, Router, Status

from fdc_project.web.paging import page_of
from generation.api.door import RefusedError, api_seat
from generation.api.seeds import listed
from generation.models import Role
from generation.schemas import Fault, Listed, Paging
from review.actions.changes import DecisionError
from review.actions.comparing import ComparisonNotFoundError, Judged, judge, next_comparisons, take_back
from review.actions.comparison_queue import round_in
from review.actions.rounds import RoundError, RoundNotFoundError, close_round, open_round, reopen_round, withdraw
from review.models import Comparison, Judgement, Round
from review.reports.comparisons import cards_for, reveal_of
from review.round_schemas import (
    CardsOut,
    JudgedOut,
    JudgementIn,
    JudgementUndoIn,
    MineOut,
    NextIn,
    RevealOut,
    RoundIn,
    RoundOut,
    WithdrawIn,
    WithdrawnOut,
    card_told,
    judged_told,
)

router = Router(tags=["rounds"])
_ROUNDS = "/projects/{slug:slug}/rounds"
_ONE = _ROUNDS + "/{int:round_id}"
Key = Header(..., alias="Idempotency-Key", min_length=8, max_length=64)
ANSWERS = {200: JudgedOut, 409: JudgedOut, 422: Fault}


@router.get(_ROUNDS, response=Listed[RoundOut])
def list_rounds(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """The project's rounds, newest first."""
    rows = Round.objects.filter(project=api_seat(request, slug).project)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post(_ROUNDS, response={201: RoundOut, 422: Fault})
def make_round(request: HttpRequest, slug: str, body: RoundIn) -> Status[Round]:
    """Opens a round; a large one is filled by a job. The same wish under the same name is the same round."""
    seat = api_seat(request, slug, Role.EDITOR)
    try:
        return Status(201, open_round(seat, wish=body.wish(), now=timezone.now()))
    except RoundError as refused:
        raise RefusedError(422, refused.code, path=f"body.{refused.name}" if refused.name else "body") from None


@router.get(_ONE, response=RoundOut)
def get_round(request: HttpRequest, slug: str, round_id: int) -> Round:
    """One round."""
    seat = api_seat(request, slug)
    return _there(lambda: round_in(seat, round_id=round_id))


@router.post(_ONE + "/close", response=RoundOut)
def end_round(request: HttpRequest, slug: str, round_id: int) -> Round:
    """Nothing more is asked and nothing more is taken; what was said stays."""
    seat = api_seat(request, slug, Role.EDITOR)
    return _there(lambda: close_round(seat, round_id=round_id, now=timezone.now()))


@router.post(_ONE + "/reopen", response=RoundOut)
def go_on_round(request: HttpRequest, slug: str, round_id: int) -> Round:
    """A closed round goes on."""
    seat = api_seat(request, slug, Role.EDITOR)
    return _there(lambda: reopen_round(seat, round_id=round_id, now=timezone.now()))


@router.post(_ONE + "/withdraw", response=WithdrawnOut)
def withdraw_comparisons(request: HttpRequest, slug: str, round_id: int, body: WithdrawIn) -> dict[str, int]:
    """Takes comparisons that are open or disputed out of the round."""
    seat = api_seat(request, slug, Role.EDITOR)
    number = _there(lambda: withdraw(seat, round_id=round_id, comparisons=body.comparisons, now=timezone.now()))
    return {"comparisons": number}


@router.post(_ONE + "/next", response=CardsOut)
def take_next(request: HttpRequest, slug: str, round_id: int, body: NextIn) -> dict[str, Any]:
    """What you hold of the round, two comparisons at most, new ones claimed for you. A claim lasts 15 minutes."""
    seat = api_seat(request, slug, Role.REVIEWER)
    ids = _there(lambda: next_comparisons(seat, round_id=round_id, size=body.size, skipped=body.skipped))
    return {"items": [card_told(card) for card in cards_for(seat, ids=ids)]}


@router.get(_ONE + "/comparisons/{int:comparison_id}", response=RevealOut)
def get_reveal(request: HttpRequest, slug: str, round_id: int, comparison_id: int) -> dict[str, Any]:
    """What was behind the sides of a comparison, and what others said: after your vote, or when you looked."""
    seat = api_seat(request, slug, Role.REVIEWER)
    rows = Comparison.objects.filter(project=seat.project, round__in=Round.objects.filter(pk=round_id))
    if not rows.filter(pk=comparison_id).exists():
        raise Http404
    found = reveal_of(seat, comparison_id=comparison_id)
    return {
        "names": found.sight.names,
        "verdicts": found.sight.verdicts,
        "votes": found.sight.votes,
        "state": found.state,
        "outcome": found.outcome,
        "sides": [asdict(side) for side in found.sides],
        "others": [asdict(vote) for vote in found.votes],
        "pair": asdict(found.pair) if found.pair else None,
    }


@router.get("/projects/{slug:slug}/judgements", response=Listed[MineOut])
def list_judgements(request: HttpRequest, slug: str, query: Query[Paging]) -> dict[str, Any]:
    """What you said in the project's rounds, newest first."""
    seat = api_seat(request, slug, Role.REVIEWER)
    rows = Judgement.objects.filter(project=seat.project, person=seat.person, comparison__isnull=False)
    return listed(page_of(rows, after=query.after, size=query.size, newest_first=True))


@router.post("/projects/{slug:slug}/judgements", response=ANSWERS)
def make_judgement(request: HttpRequest, slug: str, body: JudgementIn, key: str = Key) -> Status[dict[str, Any]]:
    """Votes, skips, or settles a dispute. The same key gets the first answer again; 409 when you are too late."""
    seat = api_seat(request, slug, Role.EDITOR if body.action == "adjudicate" else Role.REVIEWER)
    now = timezone.now()
    return _told(
        lambda: judge(
            seat, comparison_id=body.comparison, said=body.said(), key=key, version=body.version,
            seconds=body.seconds, now=now,
        )
    )  # fmt: skip


@router.post("/projects/{slug:slug}/judgements/undo", response=ANSWERS)
def undo_judgement(request: HttpRequest, slug: str, body: JudgementUndoIn, key: str = Key) -> Status[dict[str, Any]]:
    """Takes one of your judgements back with what it led to; the history keeps both."""
    seat = api_seat(request, slug, Role.REVIEWER)
    now = timezone.now()
    return _told(lambda: take_back(seat, key=key, now=now, round_id=body.round, judgement_id=body.judgement))


def _there(verb: Callable[[], Any]) -> Any:
    try:
        return verb()
    except RoundNotFoundError:
        raise RefusedError(404, "not_found", "There is no such round in this project.") from None


def _told(verb: Callable[[], Judged]) -> Status[dict[str, Any]]:
    """The outcome with its status: 200 saved, 409 conflict, 404 no such comparison, 422 nonsense."""
    try:
        outcome = verb()
    except ComparisonNotFoundError:
        raise RefusedError(404, "not_found", "There is no such comparison in this project.") from None
    except DecisionError as refused:
        raise RefusedError(422, refused.code, path="body") from None
    return Status(200 if outcome.saved else 409, judged_told(outcome))
