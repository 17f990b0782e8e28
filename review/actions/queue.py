"""The queue: which sample a person gets next, and the claims that keep two people off the same one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now

from generation.access import Seat
from generation.models import Sample
from generation.models.samples import SampleQuerySet
from review.actions.leases import Statement, claim, claiming, claims_of, tries, until
from review.actions.leases import renew_and_release as renew_and_let_go
from review.criteria import Criteria
from review.models import Claim, Decision
from review.policies import check_can_review

SUBJECT = "sample"
VERDICTS = (Decision.Action.APPROVE, Decision.Action.REJECT)
ROUND_STARTS = (Decision.Action.REOPEN, Decision.Action.RESTORE)


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What a person wants to see after this decision: inside which filter, and what the page shows already."""

    criteria: Criteria = field(default_factory=Criteria)
    have: tuple[int, ...] = ()
    size: int = 2


def next_cards(seat: Seat, *, criteria: Criteria, size: int = 2, first: int = 0) -> list[int]:
    """Claims up to `size` samples for this person and returns their ids, oldest first.

    What the person holds inside the filter comes first and is renewed; what lies outside it is given back. `first` is a
    sample to begin with, if it waits for a verdict and nobody else holds it.
    """
    check_can_review(seat)
    with transaction.atomic():
        if first:
            _claim(seat, criteria, size=1, only=first)
        held = _held(seat, criteria, first=first)[:size]
        mine = _mine(seat)
        mine.exclude(subject_id__in=held).delete()
        mine.update(expires_at=until())
        return held + claim_free(seat, criteria=criteria, size=size - len(held), besides=held)


def claim_free(seat: Seat, *, criteria: Criteria, size: int, besides: Sequence[int] = ()) -> list[int]:
    """Claims up to `size` samples that nobody else holds, `besides` left out; their ids. Call it in a transaction."""
    if size <= 0:
        return []
    return _claim(seat, criteria, size=size, besides=tuple(besides))


def renew_and_release(seat: Seat, *, done: int) -> None:
    """Renews what the person holds and lets go of `done`, in one statement. The row is swept with the next page."""
    renew_and_let_go(seat, kind=SUBJECT, done=done)


def renew(seat: Seat, *, keep: Sequence[int]) -> int:
    """Renews the person's claims on `keep`; returns how many are still theirs."""
    check_can_review(seat)
    return _mine(seat).filter(subject_id__in=keep).update(expires_at=until())


def release(seat: Seat) -> int:
    """Gives back everything that the person holds in this project; returns how much that was."""
    return _mine(seat).delete()[0]


def waiting_for(seat: Seat, *, criteria: Criteria) -> SampleQuerySet:
    """The samples of the filter that wait for a verdict and that this person has not yet spoken on in this round."""
    rows = criteria.apply(Sample.objects.in_project(seat.project).to_review())
    unwanted = VERDICTS if criteria.skipped else (*VERDICTS, Decision.Action.SKIP)
    return rows.filter(~Exists(said_in_this_round().filter(person=seat.person, action__in=unwanted)))


def said_in_this_round() -> QuerySet[Decision]:
    """Decisions on the outer sample since it was last reopened or restored, what was undone left out."""
    return _since_round_start(Decision.objects.filter(sample=OuterRef("pk"), undone_by=None))


def said_of(sample: Sample) -> QuerySet[Decision]:
    """The same for one sample."""
    return _since_round_start(Decision.objects.filter(sample=sample, undone_by=None))


def _since_round_start(rows: QuerySet[Decision]) -> QuerySet[Decision]:
    starts = Decision.objects.filter(sample=OuterRef("sample"), action__in=ROUND_STARTS, undone_by=None)
    start = starts.values("sample").annotate(last=Max("id")).values("last")
    return rows.filter(id__gt=Coalesce(Subquery(start), 0, output_field=IntegerField()))


def _held(seat: Seat, criteria: Criteria, *, first: int) -> list[int]:
    ids = list(_mine(seat).values_list("subject_id", flat=True))
    rows = waiting_for(seat, criteria=criteria).filter(pk__in=ids).order_by("id").values_list("pk", flat=True)
    begun = [first] if first in ids else []
    return begun + [pk for pk in rows if pk != first]


def _mine(seat: Seat) -> QuerySet[Claim]:
    return claims_of(seat, kind=SUBJECT)


def _claim(seat: Seat, criteria: Criteria, *, size: int, besides: tuple[int, ...] = (), only: int = 0) -> list[int]:
    """Claims in each slot in turn. Where rows are locked singly, somebody may have been faster: look again then."""
    found: tuple[int, ...] = ()
    for slot in range(seat.project.overlap):
        for _ in range(tries()):
            if len(found) < size:
                left_out = (*besides, *found)
                found += _take(seat, criteria, slot=slot, size=size - len(found), besides=left_out, only=only)
    return list(found)


def _free_slots(seat: Seat, rows: SampleQuerySet, *, slot: int) -> SampleQuerySet:
    live = Claim.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"), expires_at__gt=Now())
    if seat.project.overlap == 1:
        # What this person holds without seeing it (the answer was lost on its way) is handed out to them again.
        return rows.filter(~Exists(live.exclude(person=seat.person)))
    claims = live.values("subject_id").annotate(n=Count("id")).values("n")
    verdicts = said_in_this_round().filter(action__in=VERDICTS).values("sample").annotate(n=Count("id")).values("n")
    return rows.filter(~Exists(live.filter(slot=slot)), ~Exists(live.filter(person=seat.person))).annotate(
        spoken_for=Coalesce(Subquery(claims), 0, output_field=IntegerField())
        + Coalesce(Subquery(verdicts), 0, output_field=IntegerField())
    ).filter(spoken_for__lt=seat.project.overlap)  # fmt: skip


def _take(
    seat: Seat, criteria: Criteria, *, slot: int, size: int, besides: tuple[int, ...], only: int
) -> tuple[int, ...]:
    """Picks and claims in one statement, which also takes over what has run out."""
    try:
        statement = _statement(seat, criteria, seat.project.overlap, slot, size, len(besides), only)
    except EmptyResultSet:  # Django knows without asking that no row passes, for example a search for signs only
        return ()
    return claim(statement, holes=besides)


@lru_cache(maxsize=1000)
def _statement(
    seat: Seat, criteria: Criteria, overlap: int, slot: int, size: int, besides: int, only: int
) -> Statement:
    """The statement for `_take`, kept because composing it costs ten times what running it does.

    The samples to leave out stand in it as -1, -2, ..., to be replaced by what the page shows then.
    """
    rows = Sample.objects.in_project(seat.project).to_review().filter(pk=only)
    free = _free_slots(seat, rows if only else waiting_for(seat, criteria=criteria), slot=slot)
    if besides:
        free = free.exclude(pk__in=range(-besides, 0))
    picked = free.order_by("id").select_for_update(skip_locked=True, no_key=True).values_list(
        F("project_id"), Value(SUBJECT), F("pk"), Value(slot), Value(seat.person.pk), until()
    )[:size]  # fmt: skip
    return claiming(picked)
