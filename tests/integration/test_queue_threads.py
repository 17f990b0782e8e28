"""Twelve people at once on one database, SQLite or PostgreSQL: no sample is held by two or decided twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from generation.access import Seat
from generation.models import Role, Sample
from review.actions.decisions import decide
from review.actions.queue import Upcoming, next_cards
from review.criteria import Criteria
from review.models import Decision
from tests.cast import NOW, make_person, make_project, make_samples, new_key

PEOPLE, SAMPLES = 12, 180


def work(seat: Seat, start: Barrier) -> list[int]:
    """Approves until nothing is left; the samples that came onto this desk, in order."""
    start.wait()
    try:
        desk = next_cards(seat, criteria=Criteria())
        seen = list(desk)
        while desk:
            pk, *rest = desk
            outcome = decide(
                seat, sample_id=pk, action="approve", key=new_key(), version=1, now=NOW,
                upcoming=Upcoming(have=tuple(rest)),
            )  # fmt: skip
            assert outcome.saved, outcome
            seen += outcome.claimed
            desk = [*rest, *outcome.claimed] or next_cards(seat, criteria=Criteria())
            seen += [pk for pk in desk if pk not in seen]
        return seen
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_twelve_people_at_once_never_meet_on_a_sample() -> None:
    people = [make_person(f"person{number}") for number in range(PEOPLE)]
    project = make_project("crowd", people=dict.fromkeys(people, Role.REVIEWER))
    make_samples(project, SAMPLES)
    start = Barrier(PEOPLE)
    with ThreadPoolExecutor(PEOPLE) as pool:
        desks = list(pool.map(lambda person: work(Seat(person, project, Role.REVIEWER), start), people))
    met = [pk for pk, times in Counter(pk for desk in desks for pk in desk).items() if times > 1]
    assert met == []
    assert Decision.objects.count() == Sample.objects.filter(state="approved").count() == SAMPLES
