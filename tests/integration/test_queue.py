"""The queue hands out samples: two at a time, never one sample to two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now

from generation.models import Sample
from review.actions.changes import Outcome
from review.actions.decisions import decide
from review.actions.queue import Upcoming, next_cards, release, renew
from review.criteria import Criteria
from review.models import Claim
from tests.cast import NOW, Cast, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db
ALL = Criteria()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def say(cast: Cast, name: str, sample: Sample, action: str) -> Outcome:
    return decide(cast.seat(name), sample_id=sample.pk, action=action, key=new_key(), version=1, now=NOW)


def run_out(cast: Cast, name: str) -> None:
    """Lets the claims of one person run out."""
    Claim.objects.filter(person=getattr(cast, name)).update(expires_at=Now() - timedelta(seconds=1))


def test_a_person_holds_the_current_and_the_next_sample_oldest_first(cast: Cast) -> None:
    first, second, _ = make_samples(cast.project, 3)
    assert next_cards(cast.seat("carol"), criteria=ALL) == [first.pk, second.pk]
    assert next_cards(cast.seat("carol"), criteria=ALL) == [first.pk, second.pk]
    assert Claim.objects.count() == 2


def test_two_people_never_hold_the_same_sample(cast: Cast) -> None:
    rows = make_samples(cast.project, 3)
    assert next_cards(cast.seat("carol"), criteria=ALL) == [rows[0].pk, rows[1].pk]
    assert next_cards(cast.seat("erin"), criteria=ALL) == [rows[2].pk]


def test_a_claim_that_ran_out_goes_to_the_next_person(cast: Cast) -> None:
    rows = make_samples(cast.project, 2)
    next_cards(cast.seat("carol"), criteria=ALL)
    run_out(cast, "carol")
    assert next_cards(cast.seat("erin"), criteria=ALL) == [row.pk for row in rows]
    assert renew(cast.seat("carol"), keep=[row.pk for row in rows]) == 0


def test_a_claim_that_ran_out_and_that_nobody_took_is_renewed(cast: Cast) -> None:
    rows = make_samples(cast.project, 2)
    next_cards(cast.seat("carol"), criteria=ALL)
    run_out(cast, "carol")
    assert next_cards(cast.seat("carol"), criteria=ALL) == [row.pk for row in rows]
    assert next_cards(cast.seat("erin"), criteria=ALL) == []


def test_what_is_given_back_is_free_at_once(cast: Cast) -> None:
    rows = make_samples(cast.project, 2)
    next_cards(cast.seat("carol"), criteria=ALL)
    assert release(cast.seat("carol")) == 2
    assert next_cards(cast.seat("erin"), criteria=ALL) == [row.pk for row in rows]


def test_a_skipped_sample_goes_to_others_and_comes_back_only_when_asked_for(cast: Cast) -> None:
    first, second = make_samples(cast.project, 2)
    say(cast, "carol", first, "skip")
    assert next_cards(cast.seat("carol"), criteria=ALL) == [second.pk]
    assert next_cards(cast.seat("erin"), criteria=ALL) == [first.pk]
    release(cast.seat("erin"))
    assert next_cards(cast.seat("carol"), criteria=Criteria(skipped=True)) == [second.pk, first.pk]


def test_the_next_card_stays_inside_the_filter(cast: Cast) -> None:
    rows = make_samples(cast.project, 6)
    chinese = [row.pk for row in rows if row.language == "zh"]
    outcome = decide(
        cast.seat("carol"), sample_id=chinese[0], action="approve", key=new_key(), version=1, now=NOW,
        upcoming=Upcoming(Criteria(language="zh"), have=(chinese[1],)),
    )  # fmt: skip
    assert outcome.claimed == (chinese[2],)
    assert next_cards(cast.seat("carol"), criteria=Criteria(search="haiku")) == [rows[0].pk, rows[2].pk]
    assert next_cards(cast.seat("carol"), criteria=Criteria(search="介绍")) == chinese[1:]
    assert next_cards(cast.seat("carol"), criteria=Criteria(flagged=True)) == []


def test_leaving_a_filter_gives_back_what_lies_outside_it(cast: Cast) -> None:
    rows = make_samples(cast.project, 4)
    next_cards(cast.seat("carol"), criteria=Criteria(language="zh"))
    next_cards(cast.seat("carol"), criteria=Criteria(language="en"))
    assert next_cards(cast.seat("erin"), criteria=ALL) == [rows[1].pk, rows[3].pk]


def test_samples_of_other_states_and_projects_are_never_handed_out(cast: Cast) -> None:
    for state in ("generated", "filtered", "approved", "rejected"):
        make_samples(cast.project, 1, state=state)
    make_samples(cast.other_project, 1)
    assert next_cards(cast.seat("carol"), criteria=ALL) == []


def test_a_viewer_claims_nothing(cast: Cast) -> None:
    make_samples(cast.project, 1)
    with pytest.raises(PermissionDenied):
        next_cards(cast.seat("dave"), criteria=ALL)


def test_with_overlap_two_a_sample_goes_to_two_people_and_no_third(cast: Cast) -> None:
    cast.project.overlap = 2
    cast.project.save()
    (row,) = make_samples(cast.project, 1)
    assert next_cards(cast.seat("carol"), criteria=ALL) == [row.pk]
    assert next_cards(cast.seat("carol"), criteria=ALL) == [row.pk]
    assert next_cards(cast.seat("erin"), criteria=ALL) == [row.pk]
    assert next_cards(cast.seat("bob"), criteria=ALL) == []
    say(cast, "carol", row, "approve")
    assert next_cards(cast.seat("bob"), criteria=ALL) == []
    assert next_cards(cast.seat("carol"), criteria=ALL) == []


def test_with_overlap_the_majority_settles_and_versions_of_others_do_not_disturb(cast: Cast) -> None:
    cast.project.overlap = 3
    cast.project.save()
    (row,) = make_samples(cast.project, 1)
    states = [
        say(cast, name, row, action).state
        for name, action in (("carol", "approve"), ("erin", "reject"), ("bob", "approve"))
    ]
    assert states == ["needs_review", "needs_review", "approved"]


def test_unknown_filters_are_left_out_and_known_ones_come_back_in_the_address() -> None:
    query = {"state": "password", "flagged": "1", "run": "7x", "language": "zh", "q": " 词频\0 ", "order_by": "-id"}
    criteria = Criteria.from_query(query)
    assert criteria == Criteria(flagged=True, language="zh", search="词频")
    assert Criteria.from_query(criteria.as_dict()) == criteria
    assert criteria.query(q="") == "?flagged=1&language=zh"


def test_a_sample_that_was_skipped_stays_free_for_others_whatever_comes_after_it(cast: Cast) -> None:
    first, second, third = make_samples(cast.project, 3)
    next_cards(cast.seat("carol"), criteria=ALL)
    for row, action in ((first, "skip"), (second, "approve")):
        decide(
            cast.seat("carol"), sample_id=row.pk, action=action, key=new_key(), version=1, now=NOW,
            upcoming=Upcoming(have=(second.pk, third.pk)),
        )  # fmt: skip
    assert next_cards(cast.seat("erin"), criteria=ALL)[0] == first.pk
