"""What people say of comparisons: vote, skip, adjudicate, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models.functions import Now

from fdc_project.web.states import check
from generation.access import Seat
from generation.actions.audit import audit
from generation.models import Answer, Membership, Role
from review.actions.changes import DecisionError, StaleError
from review.actions.comparison_queue import SUBJECT, Upcoming, claim_more, for_person, next_comparisons
from review.actions.consensus import Result, result_of
from review.actions.judgements import (
    ComparisonNotFoundError,
    Judged,
    Word,
    advance,
    conflict,
    first_answer,
    kept,
    read,
    record,
    told_version,
)
from review.actions.leases import renew_and_release, until_written
from review.actions.repeats import is_again
from review.actions.settling import Settled, dispute, settle, unsettle
from review.actions.verdicts import Said, check_key, check_said, vote_of
from review.models import Claim, Comparison, Judgement, Round
from review.policies import check_can_adjudicate, check_can_review
from review.reports.sights import SAW, sight_of

__all__ = ["ComparisonNotFoundError", "Judged", "Said", "Upcoming", "judge", "next_comparisons", "take_back"]
Action, State = Judgement.Action, Comparison.State
_SAYING = (Action.VOTE, Action.SKIP, Action.ADJUDICATE)
LONGEST_STAY = 86_400.0


def judge(
    seat: Seat, *, comparison_id: int, said: Said, key: str, version: int, seconds: float | None = None,
    now: datetime, upcoming: Upcoming | None = None,
) -> Judged:  # fmt: skip
    """Writes what this person says of a comparison, once per `key`, and claims what they see next.

    A late vote counts while a slot is free; otherwise the outcome is a conflict and nothing is written. The last of the
    votes wanted makes the comparison agreed or disputed, and its pairs follow. One transaction. `DecisionError` for
    input that makes no sense.
    """
    check_can_review(seat)
    check_key(key)
    spent = min(max(seconds, 0.0), LONGEST_STAY) if seconds is not None else None
    word = Word(said, key, version, spent, now)

    def attempt() -> Judged:
        comparison = read(seat, comparison_id=comparison_id, key=key)
        outcome = first_answer(comparison, to=_SAYING) or _said(seat, comparison, word)
        renew_and_release(seat, kind=SUBJECT, done=comparison_id)
        if upcoming is None:
            return outcome
        return replace(
            outcome, claimed=tuple(claim_more(seat, asked=comparison.round, upcoming=upcoming, done=comparison_id))
        )

    return until_written(attempt)


def take_back(
    seat: Seat, *, key: str, now: datetime, round_id: int | None = None, judgement_id: int | None = None
) -> Judged:
    """Takes back one judgement of this person (their latest that stands, in the round if one is named), once per `key`.

    What it led to is put back; what was said stays in the history. A conflict when the comparison was settled or its
    round closed since, and for a key that a vote was written under. `DecisionError("nothing_to_undo")` when there is
    none.
    """
    check_can_review(seat)
    check_key(key)

    def attempt() -> Judged:
        judgement = _undoable(seat, key=key, round_id=round_id, judgement_id=judgement_id)
        comparison = read(seat, comparison_id=judgement.comparison_id or 0, key=key)
        return first_answer(comparison, to=(Action.UNDO,)) or _undone(seat, comparison, judgement, key=key, now=now)

    return until_written(attempt)


def _said(seat: Seat, comparison: Any, word: Word) -> Judged:
    """One judgement: refused, in conflict, or written with all that follows."""
    said, asked = word.said, comparison.round
    check_said(said, asked=asked, sides=len(comparison.answers))
    if asked.state != Round.State.OPEN:
        return conflict(comparison, code="round_closed")
    if comparison.state == State.WITHDRAWN:
        return conflict(comparison, code="withdrawn")
    if said.action == Action.ADJUDICATE:
        return _adjudicated(seat, comparison, word)
    votes = list(Judgement.objects.filter(comparison=comparison, action=Action.VOTE, live=True).order_by("pk"))
    if any(vote.person_id == seat.person.pk for vote in votes):
        return conflict(comparison, code="already_voted")
    if said.action == Action.SKIP:
        return record(seat, comparison=comparison, word=word, slot=None)
    if not Comparison.objects.filter(for_person(seat.person.pk), pk=comparison.pk).exists():
        raise DecisionError("not_yours")
    slot = _slot(comparison, votes)
    if comparison.state != State.OPEN or slot is None:
        return conflict(comparison, code="already_full")
    advance(comparison, votes=comparison.votes + 1)
    outcome = record(seat, comparison=comparison, word=word, slot=slot)
    if comparison.votes < comparison.wanted:
        return outcome
    mine = _written(outcome)
    return kept(
        mine, comparison=comparison, outcome=outcome, state=_concluded(comparison, [*votes, mine], now=word.now)
    )


def _slot(comparison: Any, votes: Sequence[Judgement]) -> int | None:
    """The slot of this vote: the one that the person holds, else a free one, else one that only somebody's claim
    keeps: who is late counts until somebody else has voted."""
    free = set(range(comparison.wanted)) - {vote.slot for vote in votes}
    if comparison.held in free:
        return int(comparison.held)
    if not free:
        return None
    live = Claim.objects.filter(subject_kind=SUBJECT, subject_id=comparison.pk, expires_at__gt=Now())
    unclaimed = free - set(live.values_list("slot", flat=True))
    return min(unclaimed or free)


def _adjudicated(seat: Seat, comparison: Any, word: Word) -> Judged:
    check_can_adjudicate(seat)
    if comparison.state != State.DISPUTED or comparison.version != word.version:
        return conflict(comparison, code="changed_since")
    voters = Judgement.objects.filter(comparison=comparison, action=Action.VOTE, live=True).values("person")
    others = Membership.objects.filter(
        project=seat.project, role__in=(Role.EDITOR, Role.OWNER), person__is_active=True
    ).exclude(person__in=voters)
    if voters.filter(person=seat.person).exists() and others.exists():
        raise DecisionError("voted_yourself")
    if not unsettle(comparison):
        return conflict(comparison, code="changed_since")
    advance(comparison, state=State.SETTLED)
    outcome = record(seat, comparison=comparison, word=word, slot=None)
    mine = _written(outcome)
    result = result_of([vote_of(mine)], wanted=1)
    _finish(comparison, _settled(comparison, [mine], result, now=word.now), result)
    subject = str(comparison.pk)
    audit("comparison.adjudicate", by=seat.person, now=word.now, project=seat.project, subject=subject)
    return kept(mine, comparison=comparison, outcome=outcome, state=State.SETTLED)


def _written(outcome: Judged) -> Judgement:
    return Judgement.objects.select_related("edit").get(pk=outcome.judgement_id or 0)


def _concluded(comparison: Comparison, votes: Sequence[Judgement], *, now: datetime) -> str:
    """All that were wanted have voted: what they say together, and what follows. The comparison's state."""
    result = result_of([vote_of(vote) for vote in votes], wanted=comparison.wanted)
    state = State.DISPUTED if result is None else State.AGREED
    check(comparison, state)
    comparison.state = state
    _finish(comparison, _settled(comparison, votes, result, now=now), result)
    return str(state)


def _settled(
    comparison: Comparison, votes: Sequence[Judgement], result: Result | None, *, now: datetime
) -> Settled:  # fmt: skip
    if is_again(comparison.round):
        return Settled()
    if result is None:
        return dispute(comparison)
    edits: dict[int, Answer] = {}
    for vote in votes:
        if vote.edit is not None and [list(group) for group in result.ranking] == vote.ranking:
            edits.setdefault(vote.ranking[0][0], vote.edit)
    return settle(comparison, result=result, edits=edits, now=now)


def _finish(comparison: Comparison, done: Settled, result: Result | None) -> None:
    comparison.outcome = (result.as_json() if result else {}) | done.as_json()
    comparison.made = done.made
    comparison.save(update_fields=["state", "outcome", "made"])


def _undoable(seat: Seat, *, key: str, round_id: int | None, judgement_id: int | None) -> Judgement:
    mine = Judgement.objects.filter(person=seat.person, project=seat.project, comparison__isnull=False)
    if repeated := mine.filter(key=key, action=Action.UNDO).first():
        return repeated
    mine = mine.filter(live=True, undone_by=None).exclude(action=Action.UNDO)
    if round_id is not None:
        mine = mine.filter(comparison__round=round_id)
    found = mine.filter(pk=judgement_id).first() if judgement_id else mine.order_by("-id").first()
    if found is None:
        raise DecisionError("nothing_to_undo")
    return found


def _undone(seat: Seat, comparison: Any, judgement: Judgement, *, key: str, now: datetime) -> Judged:
    if comparison.round.state != Round.State.OPEN:
        return conflict(comparison, code="round_closed")
    if comparison.state == State.WITHDRAWN:
        return conflict(comparison, code="withdrawn")
    if judgement.action == Action.VOTE and comparison.state == State.SETTLED:
        return conflict(comparison, code="changed_since")
    saw = judgement.action != Action.SKIP and not sight_of(seat, comparison=comparison).nothing
    if judgement.action != Action.SKIP:
        if comparison.state != State.OPEN and not unsettle(comparison):
            return conflict(comparison, code="changed_since")
        back = {"state": State.DISPUTED} if judgement.action == Action.ADJUDICATE else {
            "state": State.OPEN, "votes": comparison.votes - 1
        }  # fmt: skip
        advance(comparison, **back, outcome={}, made=[])
        if judgement.action == Action.ADJUDICATE:
            _finish(comparison, dispute(comparison), None)
    if not Judgement.objects.filter(pk=judgement.pk, live=True).update(live=False):
        raise StaleError
    outcome = {"comparison_id": comparison.pk, "state": comparison.state, "version": told_version(comparison),
               "undid": judgement.action}  # fmt: skip
    row = Judgement.objects.create(
        project=seat.project, comparison=comparison, sample_id=comparison.sample_id, person=seat.person,
        action=Action.UNDO, key=key, undoes=judgement, version=comparison.version, outcome=outcome, live=False,
        criteria={SAW: "1"} if saw else {}, claimed=comparison.held is not None, created_at=now,
    )  # fmt: skip
    return Judged(saved=True, judgement_id=row.pk, **outcome)
