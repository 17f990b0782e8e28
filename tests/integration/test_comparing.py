"""Votes: once per key, never more than wanted, blind until then; what they come to; and taking them back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now

from generation.actions.looks import look_at_sample
from generation.actions.tallies import count_moves, counts
from generation.models import Answer, AuditEntry, Feedback, PreferencePair, Sample
from review.actions.changes import DecisionError
from review.actions.comparing import Judged, Said, Upcoming, judge, next_comparisons, take_back
from review.actions.rounds import RoundWish, open_round
from review.models import Claim, Comparison, Judgement, Round
from review.reports.comparisons import cards_for, reveal_of
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.pairs import make_answer, make_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def a_round(cast: Cast, count: int = 1, *, state: str = "ready", **wish: Any) -> Round:
    for n in range(count):
        make_pair(cast.project, f"Question {n}?", f"good {n}", f"bad {n}", source="judge", state=state)
    count_moves(cast.project.pk, kind="pair", moves={state: count})
    return open_round(cast.seat("bob"), wish=RoundWish("One", **wish), now=NOW)


def side(cast: Cast, name: str, comparison: int, begins: str) -> str:
    """The verdict for the side whose text begins so, as this person sees it."""
    [card] = cards_for(cast.seat(name), ids=[comparison])
    return "left" if card.sides[0].text.startswith(begins) else "right"


def say(cast: Cast, name: str, comparison: int, verdict: str = "good", **more: Any) -> Judged:
    word = side(cast, name, comparison, verdict) if verdict in ("good", "bad") else verdict
    fields = {name: more.pop(name) for name in ("upcoming", "seconds") if name in more}
    version, key = more.pop("version", 1), more.pop("key", None) or new_key()
    said = Said(verdict=word, **more)
    return judge(cast.seat(name), comparison_id=comparison, said=said, key=key, version=version, now=NOW, **fields)


def only(asked: Round) -> Comparison:
    return asked.comparisons.get()


def test_everybody_gets_two_and_each_slot_one_person(cast: Cast) -> None:
    asked = a_round(cast, 3, overlap=2)
    desks = {name: next_comparisons(cast.seat(name), round_id=asked.pk) for name in ("carol", "erin", "bob", "alice")}
    first, second, third = asked.comparisons.order_by("pk").values_list("pk", flat=True)
    assert desks == {"carol": [first, second], "erin": [first, second], "bob": [third], "alice": [third]}
    assert next_comparisons(cast.seat("carol"), round_id=asked.pk) == [first, second]
    assert Claim.objects.count() == 6
    with pytest.raises(PermissionDenied):
        next_comparisons(cast.seat("dave"), round_id=asked.pk)


def test_a_vote_brings_the_next_and_nobody_gets_what_they_said_something_of(cast: Cast) -> None:
    asked = a_round(cast, 4)
    first, second = next_comparisons(cast.seat("carol"), round_id=asked.pk)
    outcome = say(cast, "carol", first, upcoming=Upcoming(have=(second,)))
    assert len(outcome.claimed) == 1
    [third] = outcome.claimed
    skipped = judge(
        cast.seat("carol"), comparison_id=second, said=Said(action="skip"), key=new_key(), version=1, now=NOW,
        upcoming=Upcoming(have=(third,)),
    )  # fmt: skip
    [fourth] = skipped.claimed
    assert next_comparisons(cast.seat("carol"), round_id=asked.pk) == [third, fourth]
    assert next_comparisons(cast.seat("erin"), round_id=asked.pk) == [second]
    assert Judgement.objects.get(action="skip").verdict == ""
    Claim.objects.all().delete()
    assert second in next_comparisons(cast.seat("carol"), round_id=asked.pk, skipped=True)


def test_a_lost_answer_hands_out_the_same_comparison_again(cast: Cast) -> None:
    asked = a_round(cast, 4)
    first, second = next_comparisons(cast.seat("carol"), round_id=asked.pk)
    key = new_key()
    lost = say(cast, "carol", first, key=key, upcoming=Upcoming(have=(second,)))
    again = say(cast, "carol", first, "tie", key=key, upcoming=Upcoming(have=(second,)))
    assert (again.repeated, again.state, again.claimed) == (True, lost.state, lost.claimed)
    assert Judgement.objects.count() == 1


def test_one_vote_settles_a_pair_and_its_undo_puts_everything_back(cast: Cast) -> None:
    asked = a_round(cast, state="held_back")
    pair = PreferencePair.objects.get()
    PreferencePair.objects.update(reason="below_margin")
    outcome = say(cast, "carol", only(asked).pk)
    pair.refresh_from_db()
    assert (outcome.state, pair.state, pair.source, pair.reason) == ("agreed", "exportable", "human", "")
    assert (counts(cast.project.pk, kind="pair"), only(asked).made) == ({"exportable": 1}, [pair.pk])
    undone = take_back(cast.seat("carol"), key=new_key(), now=NOW)
    pair.refresh_from_db()
    assert (undone.undid, pair.state, pair.source, pair.reason) == ("vote", "held_back", "judge", "below_margin")
    assert (only(asked).state, only(asked).votes, only(asked).outcome) == ("open", 0, {})
    assert counts(cast.project.pk, kind="pair") == {"held_back": 1}
    say(cast, "carol", only(asked).pk, version=3)
    assert Judgement.objects.get(live=True, action="vote").unblinded, (
        "who took back a vote had seen what stood behind it"
    )


def test_people_who_prefer_the_other_side_make_a_pair_of_their_own(cast: Cast) -> None:
    asked = a_round(cast)
    say(cast, "carol", only(asked).pk, "bad")
    old, new = PreferencePair.objects.order_by("pk")
    assert (old.state, old.reason) == ("held_back", "people_disagree")
    assert (new.state, new.source, new.chosen_id, new.rejected_id) == (
        "exportable", "human", old.rejected_id, old.chosen_id,
    )  # fmt: skip
    assert counts(cast.project.pk, kind="pair") == {"held_back": 1, "exportable": 1}
    take_back(cast.seat("carol"), key=new_key(), now=NOW)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.state, new.state, new.reason) == ("ready", "held_back", "taken_back")
    assert counts(cast.project.pk, kind="pair") == {"held_back": 1, "ready": 1}


@pytest.mark.parametrize("verdict", ["tie", "both_bad"])
def test_a_tie_makes_no_pair(cast: Cast, verdict: str) -> None:
    asked = a_round(cast, state="exportable")
    say(cast, "carol", only(asked).pk, verdict)
    pair = PreferencePair.objects.get()
    assert (pair.state, pair.reason, only(asked).made) == ("held_back", verdict, [])


def test_an_edited_winner_takes_the_winners_place(cast: Cast) -> None:
    asked = a_round(cast)
    say(cast, "carol", only(asked).pk, edit="good 0, and better")
    [made] = PreferencePair.objects.filter(source="edit")
    assert (made.chosen.text, made.chosen.author, made.rejected.text) == ("good 0, and better", cast.carol, "bad 0")
    assert Answer.objects.filter(text="good 0").exists(), "what was generated stays as it was"
    assert PreferencePair.objects.filter(state="exportable").get() == made
    take_back(cast.seat("carol"), key=new_key(), now=NOW)
    say(cast, "carol", only(asked).pk, edit="good 0\r\n".strip())
    assert Answer.objects.count() == 3, "the same text is no edit"
    assert PreferencePair.objects.get(state="exportable").chosen.text == "good 0"


def test_three_votes_are_a_majority_or_a_dispute_which_an_editor_settles(cast: Cast) -> None:
    asked = a_round(cast, overlap=3)
    pk = only(asked).pk
    for name, verdict in (("carol", "good"), ("erin", "bad")):
        assert say(cast, name, pk, verdict).state == "open"
    assert say(cast, "alice", pk, "tie").state == "disputed"
    assert PreferencePair.objects.get().state == "disputed"
    late = say(cast, "bob", pk, "good")
    assert (late.saved, late.code, late.state) == (False, "already_full", "")
    verdict = side(cast, "bob", pk, "good")
    said = Said(action="adjudicate", verdict=verdict)
    version = only(asked).version
    with pytest.raises(PermissionDenied):
        judge(cast.seat("carol"), comparison_id=pk, said=said, key=new_key(), version=version, now=NOW)
    with pytest.raises(DecisionError, match="voted_yourself"):
        judge(cast.seat("alice"), comparison_id=pk, said=said, key=new_key(), version=version, now=NOW)
    settled = judge(cast.seat("bob"), comparison_id=pk, said=said, key=new_key(), version=version, now=NOW)
    assert (settled.state, PreferencePair.objects.get().state) == ("settled", "exportable")
    assert AuditEntry.objects.filter(action="comparison.adjudicate").count() == 1
    assert take_back(cast.seat("carol"), key=new_key(), now=NOW).code == "changed_since"
    assert take_back(cast.seat("bob"), key=new_key(), now=NOW).state == "disputed"
    assert PreferencePair.objects.get().state == "disputed"


def test_a_late_vote_counts_until_the_slot_has_another(cast: Cast) -> None:
    asked = a_round(cast)
    pk = only(asked).pk
    assert next_comparisons(cast.seat("carol"), round_id=asked.pk) == [pk]
    Claim.objects.update(expires_at=Now() - timedelta(seconds=1))
    assert next_comparisons(cast.seat("erin"), round_id=asked.pk) == [pk]
    assert say(cast, "carol", pk).saved
    late = say(cast, "erin", pk)
    assert (late.saved, late.code) == (False, "already_full")
    assert list(Judgement.objects.values_list("person__username", "claimed")) == [("carol", False)]


def test_a_ranking_makes_a_pair_of_every_two_that_are_not_tied(cast: Cast) -> None:
    [sample] = make_samples(cast.project, [("Rank these", "")], state=Sample.State.GENERATED)
    for text in ("a", "b", "c", "d"):
        make_answer(sample, text)
    asked = open_round(cast.seat("bob"), wish=RoundWish("Ranks", kind="rank"), now=NOW)
    [card] = cards_for(cast.seat("carol"), ids=[only(asked).pk])
    place = {one.text: one.place for one in card.sides}
    places = [[place["c"]], [place["a"], place["d"]], [place["b"]]]
    said = Said(verdict="ranked", places=places)
    with pytest.raises(DecisionError, match="bad_ranking"):
        judge(cast.seat("carol"), comparison_id=card.comparison.id, said=Said(verdict="ranked", places=[[1], [2, 3]]),
              key=new_key(), version=1, now=NOW)  # fmt: skip
    judge(cast.seat("carol"), comparison_id=card.comparison.id, said=said, key=new_key(), version=1, now=NOW)
    made = PreferencePair.objects.filter(state="exportable").values_list("chosen__text", "rejected__text")
    assert set(made) == {("c", "a"), ("c", "d"), ("c", "b"), ("a", "b"), ("d", "b")}


def test_good_and_bad_become_feedback_and_go_with_an_undo(cast: Cast) -> None:
    make_samples(cast.project, [("Asked", "Answered"), ("Asked too", "Answered badly")])
    asked = open_round(
        cast.seat("bob"), wish=RoundWish("Rates", kind="rate", chosen={"samples": "outputs"}), now=NOW
    )  # fmt: skip
    for row, verdict in zip(asked.comparisons.order_by("pk"), ("good", "bad"), strict=True):
        judge(cast.seat("carol"), comparison_id=row.pk, said=Said(verdict=verdict), key=new_key(), version=1, now=NOW)
    said = Feedback.objects.order_by("pk").values_list("prompt", "completion", "good")
    assert list(said) == [("Asked", "Answered", True), ("Asked too", "Answered badly", False)]
    take_back(cast.seat("carol"), key=new_key(), now=NOW)
    assert (Feedback.objects.count(), counts(cast.project.pk, kind="feedback")) == (1, {"active": 1})


def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    asked = a_round(cast, rationale="required", criteria=["clear"])
    pk = only(asked).pk
    nonsense = {
        "unknown_verdict": Said(verdict="ranked", note="x"), "rationale_missing": Said(verdict="left"),
        "unknown_criterion": Said(verdict="left", note="x", criteria={"short": "left"}),
        "text_unexpected": Said(verdict="tie", note="x", edit="y"),
        "strength_unexpected": Said(verdict="tie", note="x", much_better=True),
        "unknown_action": Said(action="undo"), "too_long": Said(verdict="left", note="x" * 4001),
    }  # fmt: skip
    for code, said in nonsense.items():
        with pytest.raises(DecisionError, match=code):
            judge(cast.seat("carol"), comparison_id=pk, said=said, key=new_key(), version=1, now=NOW)
    assert say(cast, "carol", pk, note="clearer", criteria={"clear": "left"}, much_better=True).saved
    assert only(asked).outcome["strength"] == 1.0
    assert say(cast, "carol", pk, "tie", note="x").code == "already_voted"


def test_who_looked_behind_the_answers_votes_unblinded_and_is_recorded(cast: Cast) -> None:
    asked = a_round(cast)
    pk = only(asked).pk
    assert reveal_of(cast.seat("bob"), comparison_id=pk).pair is None
    with pytest.raises(PermissionDenied):
        look_at_sample(cast.seat("carol"), sample=only(asked).sample, now=NOW)
    look_at_sample(cast.seat("bob"), sample=only(asked).sample, now=NOW)
    assert reveal_of(cast.seat("bob"), comparison_id=pk).pair is not None
    say(cast, "bob", pk)
    assert Judgement.objects.get().unblinded
    actions = ["look.sample", "judgement.unblinded"]
    assert list(AuditEntry.objects.exclude(action="round.open").values_list("action", flat=True)) == actions


def test_002_19_names_are_hidden_the_order_is_each_persons_own_and_stored(cast: Cast) -> None:
    asked = a_round(cast, 60, overlap=2)
    Answer.objects.update(model="canary-model-7")
    firsts: dict[str, list[bool]] = {"carol": [], "erin": []}
    for name, begins in firsts.items():
        seat = cast.seat(name)
        for pk in asked.comparisons.order_by("pk").values_list("pk", flat=True):
            [card] = cards_for(seat, ids=[pk])
            assert "canary-model-7" not in str(card.sides)
            assert reveal_of(seat, comparison_id=pk).sides == ()
            say(cast, name, pk)
            begins.append(card.sides[0].text.startswith("good"))
            vote = Judgement.objects.get(comparison=pk, person=seat.person)
            texts = Answer.objects.in_bulk(vote.shown)
            assert [texts[answer].text for answer in vote.shown] == [one.text for one in card.sides]
    assert firsts["carol"] != firsts["erin"]
    assert all(15 <= sum(begins) <= 45 for begins in firsts.values())
    assert reveal_of(cast.seat("carol"), comparison_id=pk).sides[0].model == "canary-model-7"
