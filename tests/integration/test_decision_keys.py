"""One key is one deed: a key that wrote one thing answers no other, and takes nothing back."""

from __future__ import annotations

import pytest

from generation.actions.audit import audit
from generation.models import Sample
from review.actions.bulk_moves import Move, move_rows
from review.actions.changes import DecisionError, Outcome
from review.actions.decisions import decide, reopen, undo
from review.models import Decision
from tests.cast import NOW, Cast, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def say(cast: Cast, sample: Sample, action: str, *, key: str, who: str = "carol") -> Outcome:
    return decide(cast.seat(who), sample_id=sample.pk, action=action, key=key, version=1, now=NOW)


def test_a_key_that_wrote_a_decision_takes_nothing_back_and_says_so(cast: Cast) -> None:
    one, other = make_samples(cast.project, 2)
    key = new_key()
    say(cast, one, "approve", key=key)
    told = undo(cast.seat("carol"), key=key, now=NOW)
    assert (told.saved, told.repeated, told.code) == (False, False, "key_used")
    one.refresh_from_db()
    assert one.state == "approved"
    say(cast, other, "approve", key=new_key())
    told = undo(cast.seat("carol"), key=key, now=NOW)
    assert (told.saved, told.code, told.sample_id) == (False, "key_used", other.pk)
    assert not Decision.objects.filter(action="undo").exists()


def test_a_key_of_one_sample_writes_nothing_of_another(cast: Cast) -> None:
    one, other = make_samples(cast.project, 2)
    key = new_key()
    say(cast, one, "approve", key=key)
    told = say(cast, other, "approve", key=key)
    assert (told.saved, told.code, told.sample_id, told.state) == (False, "key_used", other.pk, "needs_review")


def test_an_undo_is_answered_again_and_its_key_decides_and_reopens_nothing(cast: Cast) -> None:
    (one,) = make_samples(cast.project, 1)
    say(cast, one, "approve", key=new_key(), who="bob")
    key = new_key()
    assert undo(cast.seat("bob"), key=key, now=NOW).state == "needs_review"
    again = undo(cast.seat("bob"), key=key, now=NOW)
    assert (again.saved, again.repeated, again.state) == (True, True, "needs_review")
    told = decide(cast.seat("bob"), sample_id=one.pk, action="approve", key=key, version=3, now=NOW)
    assert (told.saved, told.code) == (False, "key_used")
    told = reopen(cast.seat("bob"), sample_id=one.pk, key=key, version=3, reason="again", now=NOW)
    assert (told.saved, told.code) == (False, "key_used")
    assert Decision.objects.count() == 2


def test_no_browser_may_send_the_keys_of_bulk_moves(cast: Cast) -> None:
    (one,) = make_samples(cast.project, 1)
    for key in (f"remedy-1-{one.pk}", f"undo-remedy-1-{one.pk}"):
        with pytest.raises(DecisionError, match="bad_key"):
            say(cast, one, "approve", key=key)


def test_the_undo_of_the_queue_takes_back_what_was_said_last_and_nothing_that_a_click_moved_in_bulk(
    cast: Cast,
) -> None:
    rows = make_samples(cast.project, 3, state="approved")
    (mine,) = make_samples(cast.project, [("One?", "Two.")])
    say(cast, mine, "approve", key=new_key(), who="bob")
    entry = audit("quality.remedy", by=cast.bob, project=cast.project, now=NOW)
    move_rows(cast.seat("bob"), ids=[each.pk for each in rows], move=Move("review"), entry=entry, now=NOW)
    assert undo(cast.seat("bob"), key=new_key(), now=NOW).sample_id == mine.pk
    with pytest.raises(DecisionError, match="nothing_to_undo"):
        undo(cast.seat("bob"), key=new_key(), now=NOW)
