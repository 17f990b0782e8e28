"""Asking people some of their own votes again, with the sides swapped: how steady they are.

What they say then changes no pair and settles nothing; it is read by `review/reports/own_votes.py` alone.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import cycle, islice

from django.db import transaction

from generation.access import Seat
from generation.actions.audit import audit
from generation.engine.fingerprint import derived_seed
from review.actions.comparison_queue import round_in
from review.actions.rounds import LONGEST_NAME, RoundError
from review.actions.verdicts import shown_to
from review.models import Assignment, Comparison, Judgement, Round
from review.policies import check_can_open_rounds

AGAIN_OF = "again_of"
"""Names the round that is asked again, in `Round.chosen`; such a round has no consequences."""
LEAST_SHARE, MOST_SHARE = 1, 50
MOST_AGAIN = 200
"""So many at most are asked of one person again."""
_TRIES = 4
_LEAST_TRIED = 16


def is_again(asked: Round) -> bool:
    """Whether the round asks again what was asked before."""
    return AGAIN_OF in asked.chosen


def ask_again(seat: Seat, *, round_id: int, share: int, name: str, now: datetime) -> Round:
    """A round of its own with `share` percent of each person's votes, at least one, the sides swapped for them.

    Editors and owners only; rounds of two answers only. The same share of the same round is asked once. `RoundError`.
    """
    check_can_open_rounds(seat)
    asked = round_in(seat, round_id=round_id)
    if asked.kind != Round.Kind.CHOOSE or is_again(asked):
        raise RoundError("not_two_answers")
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise RoundError("bad_share")
    chosen = {AGAIN_OF: asked.pk, "share": share}
    with transaction.atomic():
        again, fresh = Round.objects.get_or_create(
            project=seat.project, name=name.strip()[:LONGEST_NAME],
            defaults={
                "kind": asked.kind, "guidelines": asked.guidelines, "criteria": asked.criteria, "reveal": asked.reveal,
                "rationale": Round.Rationale.NONE, "chosen": chosen, "random_seed": asked.random_seed,
                "created_by": seat.person, "created_at": now,
            },
        )  # fmt: skip
        if again.chosen != chosen:
            raise RoundError("name_taken", "name")
        if fresh:
            _fill(asked, again, share=share, now=now)
            audit("round.again", by=seat.person, now=now, project=seat.project, subject=str(again.pk))
    return again


def _fill(asked: Round, again: Round, *, share: int, now: datetime) -> None:
    votes = Judgement.objects.filter(comparison__round=asked, action=Judgement.Action.VOTE, live=True)
    by_person: dict[int, list[Judgement]] = defaultdict(list)
    for vote in votes.only("person_id", "sample_id", "shown").order_by("pk"):
        by_person[vote.person_id].append(vote)
    made = sum(_for_person(again, person, votes, share=share, now=now) for person, votes in by_person.items())
    if not made:
        raise RoundError("nothing_to_compare")
    again.dealt = [{"person": person} for person in sorted(by_person)]
    again.save(update_fields=["dealt"])


def _for_person(again: Round, person: int, votes: Sequence[Judgement], *, share: int, now: datetime) -> int:
    """Where a side stands follows from a comparison's id: more are made than are asked, and those kept that come out
    the other way round."""
    wanted = min(max(1, round(len(votes) * share / 100)), MOST_AGAIN)
    random.Random(derived_seed(again.random_seed, "again", again.pk, person)).shuffle(drawn := list(votes))
    tried = list(islice(cycle(drawn), max(wanted * _TRIES, _LEAST_TRIED)))
    rows = [
        Comparison(round=again, project_id=again.project_id, sample_id=vote.sample_id, answers=sorted(vote.shown),
                   created_at=now)
        for vote in tried
    ]  # fmt: skip
    made = Comparison.objects.bulk_create(rows)
    swapped: dict[int, int] = {}
    for row, vote in zip(made, tried, strict=True):
        if shown_to(person, comparison=row.pk, answers=row.answers, seed=again.random_seed) != list(vote.shown):
            swapped.setdefault(vote.pk, row.pk)
    kept = set(list(swapped.values())[:wanted])
    Comparison.objects.filter(pk__in=[row.pk for row in made if row.pk not in kept]).delete()
    Assignment.objects.bulk_create(Assignment(comparison_id=pk, person_id=person) for pk in sorted(kept))
    return len(kept)
