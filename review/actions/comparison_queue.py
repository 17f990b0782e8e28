"""The queue of a round: which comparison a person gets next, each of `wanted` people one slot of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now

from generation.access import Seat
from generation.models import Person
from review.actions.changes import DecisionError
from review.actions.leases import Statement, claim, claiming, claims_of, tries, until
from review.models import Assignment, Claim, Comparison, Judgement, Round
from review.policies import check_can_review

SUBJECT = "comparison"
MOST_HELD = 2
Action = Judgement.Action


class RoundNotFoundError(DecisionError):
    """There is no such round in this project."""


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What a person wants to see after this judgement: how much, and what the page shows already."""

    have: tuple[int, ...] = ()
    size: int = MOST_HELD
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class _Search:
    """Where a claim looks: all that decides its statement, values that change with every call left out."""

    project: int
    round: int
    person: int
    overlap: int
    skipped: bool
    assigned: bool | None
    only: int


def round_in(seat: Seat, *, round_id: int) -> Round:
    """The project's round; `RoundNotFoundError`."""
    found = Round.objects.filter(project=seat.project, pk=round_id).first()
    if found is None:
        raise RoundNotFoundError("not_found")
    return found


def next_comparisons(
    seat: Seat, *, round_id: int, size: int = MOST_HELD, first: int = 0, skipped: bool = False
) -> list[int]:
    """Claims up to `size` comparisons of the round for this person (two at most) and returns their ids.

    What the person holds comes first and is renewed; what they hold of other rounds is given back. `first` is a
    comparison to begin with, if it is open to them. A round that is closed has none.
    """
    check_can_review(seat)
    asked = round_in(seat, round_id=round_id)
    with transaction.atomic():
        one_at_a_time(seat)
        is_open = asked.state == Round.State.OPEN
        if first and is_open:
            _take(_search(seat, asked, skipped=True, only=first), size=1, besides=(), after=0)
        held = _held(seat, asked, first=first, skipped=skipped)[: min(size, MOST_HELD)] if is_open else []
        mine = claims_of(seat, kind=SUBJECT)
        mine.exclude(subject_id__in=held).delete()
        mine.update(expires_at=until())
        missing = min(size, MOST_HELD) - len(held) if is_open else 0
        last = _last_said(seat, asked)
        return held + claim_free(
            seat, asked=asked, size=missing, besides=held, after=0 if skipped else last, skipped=skipped
        )


def claim_more(seat: Seat, *, asked: Round, upcoming: Upcoming, done: int) -> list[int]:
    """What the page should show besides what it has: claims that it never got to see, then new ones. In a
    transaction."""
    one_at_a_time(seat)
    size = min(upcoming.size, MOST_HELD) - len([pk for pk in upcoming.have if pk != done])
    if size <= 0 or asked.state != Round.State.OPEN:
        return []
    held = _held(seat, asked, first=0, skipped=upcoming.skipped)
    unseen = [pk for pk in held if pk not in upcoming.have and pk != done][:size]
    besides = (*upcoming.have, *unseen)
    after = 0 if upcoming.skipped else done
    return unseen + claim_free(
        seat, asked=asked, size=size - len(unseen), besides=besides, after=after, skipped=upcoming.skipped
    )  # fmt: skip


def claim_free(
    seat: Seat, *, asked: Round, size: int, besides: Sequence[int] = (), after: int = 0, skipped: bool = False
) -> list[int]:
    """Claims up to `size` comparisons with a free slot, those after `after` first, those dealt to the person before all
    others. Call it in a transaction.

    Without a place to begin, whoever is ahead of the others would pass over everything that they judged, every time.
    """
    found: tuple[int, ...] = ()
    for assigned in (True, False) if asked.dealt else (None,):
        search = _search(seat, asked, skipped=skipped, assigned=assigned)
        for start in (after, 0) if after else (0,):
            for _ in range(1 if start else tries()):
                if len(found) < size:
                    found += _take(search, size=size - len(found), besides=(*besides, *found), after=start)
    return list(found)


def open_to(seat: Seat, *, asked: Round, skipped: bool = False) -> QuerySet[Comparison]:
    """The round's comparisons that wait for this person's vote: dealt to them or to everybody, not yet spoken on."""
    return _open(_search(seat, asked, skipped=skipped)).filter(for_person(seat.person.pk))


def for_person(person: int) -> Q:
    """Comparisons that are dealt to the person, or to nobody and so to everybody."""
    dealt = Assignment.objects.filter(comparison=OuterRef("pk"))
    return Q(Exists(dealt.filter(person=person))) | ~Q(Exists(dealt))


def one_at_a_time(seat: Seat) -> None:
    """Makes the claims of one person wait for each other, so that two tabs do not hold four."""
    if connection.features.has_select_for_update:
        Person.objects.select_for_update(no_key=True).filter(pk=seat.person.pk).values_list("pk").first()


def _search(
    seat: Seat, asked: Round, *, skipped: bool = False, assigned: bool | None = None, only: int = 0
) -> _Search:  # fmt: skip
    return _Search(seat.project.pk, asked.pk, seat.person.pk, asked.overlap, skipped, assigned, only)


def _held(seat: Seat, asked: Round, *, first: int, skipped: bool) -> list[int]:
    """What the person holds and has not spoken on, `first` before all; that alone may be something they skipped."""
    ids = list(claims_of(seat, kind=SUBJECT).values_list("subject_id", flat=True))
    if not ids:
        return []
    found = set(open_to(seat, asked=asked, skipped=skipped).filter(pk__in=ids).values_list("pk", flat=True))
    if first in ids:
        found |= set(open_to(seat, asked=asked, skipped=True).filter(pk=first).values_list("pk", flat=True))
    return sorted(found, key=lambda pk: (pk != first, pk))


def _last_said(seat: Seat, asked: Round) -> int:
    """The comparison of this round that the person spoke on last, 0 when the last was another round's."""
    rows = Judgement.objects.filter(project=seat.project, person=seat.person).order_by("-id")
    found = rows.values_list("comparison_id", "comparison__round_id").first()
    return found[0] if found and found[0] and found[1] == asked.pk else 0


def _open(search: _Search) -> QuerySet[Comparison]:
    """Open comparisons of the round on which the person has not spoken."""
    rows = Comparison.objects.filter(round=search.round, state=Comparison.State.OPEN, votes__lt=F("wanted"))
    said = (Action.VOTE,) if search.skipped else (Action.VOTE, Action.SKIP)
    spoken = Judgement.objects.filter(comparison=OuterRef("pk"), person=search.person, action__in=said, live=True)
    return rows.filter(_no(spoken))


def _no(rows: QuerySet[Any]) -> Q:
    """That there is no such row, asked for each outer row by itself. NOT EXISTS would be what it says, but PostgreSQL
    answers that for all rows at once; and an IS NULL makes it expect so few that it compiles the statement first."""
    found = rows.annotate(yes=Value(True, output_field=BooleanField())).values("yes")[:1]
    return ~Q(Coalesce(Subquery(found), Value(False), output_field=BooleanField()))


def _free_slot(search: _Search) -> Case:
    """The lowest slot of the outer comparison that nobody voted in and nobody holds, NULL when there is none."""
    voted = Judgement.objects.filter(comparison=OuterRef("pk"), action=Action.VOTE, live=True)
    live = Claim.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"), expires_at__gt=Now())
    free = (
        When(_no(voted.filter(slot=slot)) & _no(live.filter(slot=slot)) & Q(wanted__gt=slot), then=Value(slot))
        for slot in range(search.overlap)
    )
    return Case(*free, default=None, output_field=PositiveSmallIntegerField())


def _take(search: _Search, *, size: int, besides: tuple[int, ...], after: int) -> tuple[int, ...]:
    """Picks and claims in one statement, which also takes over what has run out."""
    return claim(_statement(search, size, len(besides)), holes=(*besides, after)) if size > 0 else ()


@lru_cache(maxsize=1000)
def _statement(search: _Search, size: int, besides: int) -> Statement:
    """The statement for `_take`. -1 stands in it for the id to begin after, -2, -3, ... for those to leave out."""
    mine = Claim.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"), expires_at__gt=Now())
    rows: QuerySet[Any, Any] = _open(search).filter(_no(mine.filter(person=search.person)), pk__gt=-1)
    if search.only:
        rows = rows.filter(for_person(search.person), pk=search.only)
    if search.assigned:
        rows = rows.filter(pk__in=Assignment.objects.filter(person=search.person).values("comparison"))
    elif search.assigned is False:
        rows = rows.filter(_no(Assignment.objects.filter(comparison=OuterRef("pk"))))
    if besides:
        rows = rows.exclude(pk__in=range(-besides - 1, -1))
    free = rows.annotate(free=_free_slot(search)).filter(free__isnull=False)
    picked = free.order_by("id").select_for_update(skip_locked=True, no_key=True).values_list(
        F("project_id"), Value(SUBJECT), F("pk"), F("free"), Value(search.person), until()
    )[:size]  # fmt: skip
    return claiming(picked)
