"""Whoever has seen what is kept from voters votes unblinded from then on, in every round; and one key is one deed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from generation.actions.looks import look_at_sample
from generation.models import PreferencePair
from review.actions.comparing import Judged, Said, judge, take_back
from review.actions.repeats import ask_again
from review.actions.rounds import RoundWish, close_round, open_round, reopen_round
from review.models import Comparison, Judgement, Round
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.pairs import make_answer, make_pair
from tests.votes import comparisons

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def a_round(cast: Cast, name: str, *, minutes: int, **wish: Any) -> Round:
    return open_round(cast.seat("bob"), wish=RoundWish(name, **wish), now=at(minutes))


def tie(cast: Cast, name: str, row: Comparison, *, minutes: int, **more: Any) -> Judged:
    key = more.pop("key", None) or new_key()
    version = Comparison.objects.get(pk=row.pk).version
    said = Said(**({"verdict": "tie"} | more))
    return judge(cast.seat(name), comparison_id=row.pk, said=said, key=key, version=version, now=at(minutes))


def only(asked: Round) -> Comparison:
    return comparisons(asked)[0]


def unblinded(asked: Round, name: str) -> bool:
    return Judgement.objects.get(comparison__round=asked, person__username=name, live=True, action="vote").unblinded


def test_a_vote_in_a_later_round_on_what_the_first_revealed_is_unblinded(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "one", "two", source="judge", state="ready")
    first = a_round(cast, "First", minutes=0, overlap=3)
    tie(cast, "carol", only(first), minutes=1)
    later = a_round(cast, "Later", minutes=2, overlap=3)
    for name in ("carol", "erin"):
        tie(cast, name, only(later), minutes=3)
    assert (unblinded(first, "carol"), unblinded(later, "carol"), unblinded(later, "erin")) == (False, True, False)


def test_two_rounds_that_both_wait_reveal_nothing_to_each_other(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "one", "two", source="judge", state="ready")
    rounds = [a_round(cast, name, minutes=0, overlap=3) for name in ("First", "Second", "Third")]
    for minutes, asked in enumerate(rounds[:2], 1):
        tie(cast, "carol", only(asked), minutes=minutes)
    overlapping = a_round(cast, "Before the third is judged", minutes=4, overlap=3)
    tie(cast, "carol", only(rounds[2]), minutes=5)
    tie(cast, "carol", only(overlapping), minutes=6)
    assert [unblinded(asked, "carol") for asked in (*rounds, overlapping)] == [False] * 4
    afterwards = a_round(cast, "Afterwards", minutes=8, overlap=3)
    tie(cast, "carol", only(afterwards), minutes=9)
    assert unblinded(afterwards, "carol")


def test_a_round_that_was_closed_meanwhile_covered_nothing(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "one", "two", source="judge", state="ready")
    first, second = (a_round(cast, name, minutes=0, overlap=3) for name in ("First", "Second"))
    tie(cast, "carol", only(first), minutes=1)
    close_round(cast.seat("bob"), round_id=second.pk, now=at(2))
    reopen_round(cast.seat("bob"), round_id=second.pk, now=at(3))
    tie(cast, "carol", only(second), minutes=4)
    assert unblinded(second, "carol")


def test_what_was_seen_through_a_look_or_a_vote_that_was_taken_back_stays_seen(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "one", "two", source="judge", state="ready")
    first = a_round(cast, "First", minutes=0, overlap=3)
    tie(cast, "carol", only(first), minutes=1)
    take_back(cast.seat("carol"), key=new_key(), now=at(2))
    look_at_sample(cast.seat("alice"), sample=only(first).sample, now=at(2))
    later = a_round(cast, "Later", minutes=3, overlap=3)
    for name in ("carol", "alice", "erin"):
        tie(cast, name, only(later), minutes=4)
    assert [unblinded(later, name) for name in ("carol", "alice", "erin")] == [True, True, False]


def test_all_duels_of_one_prompt_are_blind_while_one_of_them_waits(cast: Cast) -> None:
    [sample] = make_samples(cast.project, [("Which of three?", "")], state="generated")
    for text in ("a", "b", "c"):
        make_answer(sample, text)
    asked = a_round(cast, "Duels", minutes=0, overlap=2, chosen={"samples": "answers"})
    rows = comparisons(asked)
    for minutes, row in enumerate(rows, 1):
        tie(cast, "carol", row, minutes=minutes)
    assert not Judgement.objects.filter(unblinded=True).exists()


def test_what_is_asked_again_was_seen_before(cast: Cast) -> None:
    make_pair(cast.project, "Which?", "one", "two", source="judge", state="ready")
    first = a_round(cast, "First", minutes=0)
    tie(cast, "carol", only(first), minutes=1)
    again = ask_again(cast.seat("bob"), round_id=first.pk, share=50, name="Again", now=at(2))
    tie(cast, "carol", only(again), minutes=3)
    assert unblinded(again, "carol")


def test_a_key_that_wrote_a_vote_takes_nothing_back_and_says_so(cast: Cast) -> None:
    for n in (1, 2):
        make_pair(cast.project, f"Which {n}?", "one", "two", source="judge", state="exportable")
    asked = a_round(cast, "Round", minutes=0)
    one, other = comparisons(asked)
    key = new_key()
    tie(cast, "carol", one, minutes=1, key=key)
    told = take_back(cast.seat("carol"), key=key, now=at(2))
    assert (told.saved, told.repeated, told.code, told.undid) == (False, False, "key_used", "")
    assert set(PreferencePair.objects.filter(sample=one.sample_id).values_list("reason", flat=True)) == {"tie"}
    elsewhere = tie(cast, "carol", other, minutes=3, key=key)
    assert (elsewhere.saved, elsewhere.code, elsewhere.comparison_id) == (False, "key_used", other.pk)
    undo = new_key()
    assert take_back(cast.seat("carol"), key=undo, now=at(4)).undid == "vote"
    again = take_back(cast.seat("carol"), key=undo, now=at(5))
    assert (again.saved, again.repeated, again.undid) == (True, True, "vote")
    voted = tie(cast, "carol", one, minutes=6, key=undo)
    assert (voted.saved, voted.code) == (False, "key_used"), "an undo's key writes no vote"
    assert Judgement.objects.count() == 2
