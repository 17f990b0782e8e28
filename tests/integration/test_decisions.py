"""Decisions: written once, never over somebody else's, and all of them can be taken back."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.actions.tallies import counts
from generation.models import Revision, Sample
from review.actions.changes import DecisionError, Outcome, SampleNotFoundError, Texts
from review.actions.decisions import decide, reopen, restore, undo
from review.actions.queue import Upcoming, next_cards
from review.criteria import Criteria
from review.models import Decision
from tests.cast import NOW, Cast, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db
BETTER = Texts(instruction="Write a haiku on rain.", output="Rain on the tin roof,\nno two drops keep the same time.")


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def sample(cast: Cast) -> Sample:
    return make_samples(cast.project, 1)[0]


def say(cast: Cast, sample: Sample, action: str, *, who: str = "carol", version: int = 1, **more: object) -> Outcome:
    more.setdefault("key", new_key())
    return decide(cast.seat(who), sample_id=sample.pk, action=action, version=version, now=NOW, **more)  # type: ignore[arg-type]


def take_back(cast: Cast, who: str = "carol") -> Outcome:
    return undo(cast.seat(who), key=new_key(), now=NOW)


def as_it_stands(sample: Sample) -> tuple[object, ...]:
    row = Sample.objects.get(pk=sample.pk)
    return (
        row.state, row.reason, row.flagged, row.edited, row.revision, row.instruction, row.input, row.output,
        row.content_hash, row.decided_by_id, row.decided_at,
    )  # fmt: skip


def test_approve_moves_the_sample_and_says_who_when_and_what_was_before(cast: Cast, sample: Sample) -> None:
    next_cards(cast.seat("carol"), criteria=Criteria())
    outcome = say(cast, sample, "approve", seconds=4.5)
    assert (outcome.saved, outcome.state, outcome.version) == (True, "approved", 2)
    decision = Decision.objects.get()
    assert (decision.person, decision.revision, decision.version, decision.seconds) == (cast.carol, 1, 2, 4.5)
    assert decision.before["state"] == "needs_review"
    assert decision.claimed
    assert counts(cast.project.pk, kind="sample") == {"approved": 1}


def test_reject_keeps_its_reason_and_note(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "reject", reason="off_task", note="Asked for a haiku, got prose.")
    sample.refresh_from_db()
    assert (sample.state, sample.reason) == ("rejected", "off_task")
    assert Decision.objects.get().note == "Asked for a haiku, got prose."


def test_the_same_key_gets_the_first_answer_whatever_comes_with_it(cast: Cast, sample: Sample) -> None:
    key = new_key()
    first = say(cast, sample, "approve", key=key)
    again = say(cast, sample, "reject", key=key)
    assert again.repeated
    assert (again.state, again.version) == (first.state, first.version)
    assert Decision.objects.count() == 1


def test_a_key_belongs_to_one_person(cast: Cast) -> None:
    one, two = make_samples(cast.project, 2)
    key = new_key()
    say(cast, one, "approve", key=key)
    assert not say(cast, two, "approve", who="erin", key=key).repeated


def test_the_second_of_two_people_gets_a_conflict_and_changes_nothing(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "approve")
    before = as_it_stands(sample)
    late = say(cast, sample, "reject", who="erin", reason="unsafe")
    assert (late.saved, late.code, late.state) == (False, "already_decided", "approved")
    assert as_it_stands(sample) == before
    assert Decision.objects.count() == 1


def test_a_decision_after_the_claim_ran_out_counts_when_nobody_else_decided(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "flag", who="erin")
    assert say(cast, sample, "approve").saved
    assert not Decision.objects.get(action="approve").claimed


def test_what_was_edited_meanwhile_is_a_conflict(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "edit", who="erin", text=BETTER)
    assert say(cast, sample, "approve", revision=1).code == "edited_since"
    assert say(cast, sample, "approve").code == "changed_since"


def test_what_was_decided_and_reopened_meanwhile_is_a_conflict(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "reject", who="erin")
    reopen(cast.seat("bob"), sample_id=sample.pk, key=new_key(), version=2, reason="too strict", now=NOW)
    assert say(cast, sample, "approve").code == "changed_since"
    assert say(cast, sample, "approve", version=3).saved


def test_an_edit_is_a_new_revision_and_the_old_one_stays_as_it_was(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "edit", text=BETTER)
    old, new = Revision.objects.filter(sample=sample).order_by("number")
    assert (old.output, new.output, new.author) == (sample.output, BETTER.output, cast.carol)
    sample.refresh_from_db()
    assert (sample.output, sample.revision, sample.edited, sample.state) == (BETTER.output, 2, True, "needs_review")
    assert Sample.objects.all().matching("tin roof").get() == sample
    assert not Sample.objects.all().matching("number").exists()


def test_an_edit_with_an_approval_is_one_decision(cast: Cast, sample: Sample) -> None:
    outcome = say(cast, sample, "approve", text=BETTER)
    assert (outcome.state, outcome.revision) == ("approved", 2)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "more"),
    [
        ("approve", {}), ("reject", {"reason": "unsafe"}), ("skip", {}), ("flag", {}),
        ("edit", {"text": BETTER}), ("approve", {"text": BETTER}),
    ],
)  # fmt: skip
def test_every_decision_can_be_taken_back_and_stays_in_the_history(
    cast: Cast, sample: Sample, action: str, more: dict[str, object]
) -> None:
    before, tallies = as_it_stands(sample), counts(cast.project.pk, kind="sample")
    say(cast, sample, action, **more)
    back = take_back(cast)
    assert back.saved
    assert as_it_stands(sample) == before
    assert counts(cast.project.pk, kind="sample") == tallies
    assert list(Decision.objects.order_by("id").values_list("action", flat=True)) == [action, "undo"]
    assert next_cards(cast.seat("carol"), criteria=Criteria(), first=sample.pk) == [sample.pk]
    with pytest.raises(DecisionError, match="nothing_to_undo"):
        take_back(cast)


def test_reopen_and_restore_can_be_taken_back_too(cast: Cast, sample: Sample) -> None:
    (dropped,) = make_samples(cast.project, 1, state="filtered", reason="too_short")
    say(cast, sample, "approve")
    bob = cast.seat("bob")
    assert reopen(bob, sample_id=sample.pk, key=new_key(), version=2, reason="typo", now=NOW).state == "needs_review"
    assert restore(bob, sample_id=dropped.pk, key=new_key(), version=1, reason="fine", now=NOW).state == "needs_review"
    assert take_back(cast, "bob").state == "filtered"
    assert take_back(cast, "bob").state == "approved"
    assert counts(cast.project.pk, kind="sample") == {"approved": 1, "filtered": 1}
    assert Sample.objects.get(pk=sample.pk).decided_by == cast.carol


def test_an_edit_after_an_undone_edit_gets_a_number_of_its_own(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "edit", text=BETTER)
    take_back(cast)
    outcome = say(cast, sample, "edit", text=BETTER, version=3)
    assert outcome.revision == 3


def test_decisions_are_taken_back_one_by_one_last_first(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "flag")
    say(cast, sample, "approve", version=2)
    assert (take_back(cast).state, take_back(cast).flagged) == ("needs_review", False)


def test_nobody_takes_back_what_others_built_upon_or_what_others_said(cast: Cast, sample: Sample) -> None:
    say(cast, sample, "flag")
    say(cast, sample, "approve", version=2, who="erin")
    assert take_back(cast).code == "changed_since"
    theirs = Decision.objects.get(action="approve")
    with pytest.raises(DecisionError, match="nothing_to_undo"):
        undo(cast.seat("carol"), key=new_key(), now=NOW, decision_id=theirs.pk)


def test_an_undo_with_the_same_key_is_done_once(cast: Cast) -> None:
    one, two = make_samples(cast.project, 2)
    say(cast, one, "approve")
    say(cast, two, "approve")
    key = new_key()
    first = undo(cast.seat("carol"), key=key, now=NOW)
    assert undo(cast.seat("carol"), key=key, now=NOW).sample_id == first.sample_id
    assert Decision.objects.filter(action="undo").count() == 1


@pytest.mark.parametrize(
    ("action", "more", "code"),
    [
        ("destroy", {}, "unknown_action"),
        ("approve", {"key": "short"}, "bad_key"),
        ("edit", {}, "text_missing"),
        ("reject", {"text": BETTER}, "text_unexpected"),
        ("edit", {"text": Texts(instruction=" ", output="x")}, "instruction_empty"),
        ("edit", {"text": Texts(instruction="a\0b", output="x")}, "nul_character"),
        ("edit", {"text": Texts(instruction="a", output="\ud800")}, "lone_surrogate"),
        ("reject", {"reason": "r" * 61}, "too_long"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    cast: Cast, sample: Sample, action: str, more: dict[str, object], code: str
) -> None:
    with pytest.raises(DecisionError, match=code):
        say(cast, sample, action, **more)
    assert not Decision.objects.exists()


def test_roles_decide_who_may_do_what(cast: Cast, sample: Sample) -> None:
    with pytest.raises(PermissionDenied):
        say(cast, sample, "approve", who="dave")
    with pytest.raises(PermissionDenied):
        reopen(cast.seat("carol"), sample_id=sample.pk, key=new_key(), version=1, reason="no", now=NOW)
    (secret,) = make_samples(cast.other_project, 1)
    with pytest.raises(SampleNotFoundError):
        say(cast, secret, "approve")


def test_one_decision_with_its_next_claim_costs_six_statements_in_one_transaction(cast: Cast) -> None:
    make_samples(cast.project, 6)
    carol = cast.seat("carol")
    one, two = next_cards(carol, criteria=Criteria())
    with CaptureQueriesContext(
        connection,
    ) as seen:
        outcome = decide(
            carol, sample_id=one, action="approve", key=new_key(), version=1, revision=1, now=NOW,
            upcoming=Upcoming(have=(two,)),
        )  # fmt: skip
    statements = [query["sql"].split()[0] for query in seen.captured_queries]
    assert statements == ["SAVEPOINT", "SELECT", "UPDATE", "INSERT", "INSERT", "UPDATE", "INSERT", "RELEASE"]
    assert len(outcome.claimed) == 1
