"""Pairs that people make of samples: an approved edit against the original, another last turn against the one there."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from generation.actions.tallies import counts
from generation.models import Answer, PreferencePair, Sample
from review.actions.changes import Texts
from review.actions.decisions import decide, reopen, undo
from review.actions.edit_pairs import pair_from_edit, pair_from_reply, pairs_from_edits, take_back_edit
from review.actions.pair_moves import PairError
from review.selection import Selection
from tests.cast import NOW, Cast, make_cast, make_samples, new_key

pytestmark = pytest.mark.django_db
TURNS = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Good day"}]
FIRST, BETTER = "A short dull line about rain.", "Rain writes its name on every window and forgets it."


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def edited(cast: Cast, *, instruction: str = "Write a line.", output: str = BETTER) -> Sample:
    """A sample that Carol edited and approved in one go."""
    [sample] = make_samples(cast.project, [("Write a line.", FIRST)], turns=TURNS)
    text = Texts(instruction=instruction, output=output)
    decide(cast.seat("carol"), sample_id=sample.pk, action="approve", key=new_key(), version=1, text=text, now=NOW)
    return sample


def test_002_03_an_approved_edit_becomes_a_pair_with_the_whole_prompt(cast: Cast) -> None:
    sample = edited(cast)
    made = pair_from_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW)
    pair = PreferencePair.objects.select_related("sample", "chosen", "rejected").get()
    assert (pair.chosen.text, pair.rejected.text, pair.source, pair.state) == (BETTER, FIRST, "edit", "exportable")
    assert (pair.sample.turns, pair.sample.instruction, pair.sample.output) == (TURNS, "Write a line.", "")
    assert (pair.sample.parent_id, pair.sample.root_id, pair.chosen.author) == (sample.pk, sample.pk, cast.carol)
    assert Selection(kind="preference").rows(cast.project).get() == pair
    assert pair_from_edit(cast.seat("bob"), sample_id=sample.pk, now=NOW).repeated
    assert (made.pair_id, PreferencePair.objects.count(), Answer.objects.count()) == (pair.pk, 1, 2)
    assert counts(cast.project.pk, kind="pair") == {"exportable": 1}


def test_002_03_another_last_turn_makes_a_pair_and_leaves_the_sample_alone(cast: Cast) -> None:
    [sample] = make_samples(cast.project, [("Write a line.", FIRST)], turns=TURNS)
    worse = pair_from_reply(cast.seat("carol"), sample_id=sample.pk, text="No.", better=False, now=NOW)
    better = pair_from_reply(cast.seat("carol"), sample_id=sample.pk, text=BETTER, better=True, now=NOW)
    sides = PreferencePair.objects.order_by("pk").values_list("pk", "chosen__text", "rejected__text", "source")
    assert list(sides) == [(worse.pair_id, FIRST, "No.", "human"), (better.pair_id, BETTER, FIRST, "human")]
    assert PreferencePair.objects.values("sample").distinct().count() == 1, "both hang on one prompt"
    sample.refresh_from_db()
    assert (sample.output, sample.version) == (FIRST, 1)
    with pytest.raises(PairError, match="answer_unchanged"):
        pair_from_reply(cast.seat("carol"), sample_id=sample.pk, text=FIRST + "\n", better=True, now=NOW)


@pytest.mark.parametrize(
    ("code", "change"),
    [("prompt_changed", {"instruction": "Write two lines."}), ("not_edited", None), ("not_approved", "wait")],
)
def test_what_makes_no_pair_is_refused_with_a_code(cast: Cast, code: str, change: object) -> None:
    if isinstance(change, dict):
        sample = edited(cast, **change)
    else:
        state = Sample.State.NEEDS_REVIEW if change else Sample.State.APPROVED
        [sample] = make_samples(cast.project, [("Write a line.", FIRST)], state=state)
    with pytest.raises(PairError, match=code):
        pair_from_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW)
    assert not PreferencePair.objects.exists()


def test_a_small_edit_is_held_back_as_nearly_the_same(cast: Cast) -> None:
    long = " ".join(f"word{number}" for number in range(40))
    [sample] = make_samples(cast.project, [("Write a line.", long)])
    text = Texts(instruction="Write a line.", output=long + " more")
    decide(cast.seat("carol"), sample_id=sample.pk, action="approve", key=new_key(), version=1, text=text, now=NOW)
    made = pair_from_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW)
    assert (made.state, made.reason) == ("held_back", "near_identical")


def test_a_pair_goes_with_the_approval_that_it_stands_on_and_comes_back_when_asked(cast: Cast) -> None:
    sample = edited(cast)
    pair_from_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW)
    assert take_back_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW).reason == "taken_back"
    assert not Selection(kind="preference").rows(cast.project).exists()
    assert pair_from_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW).state == "exportable"
    undo(cast.seat("carol"), key=new_key(), now=NOW)
    assert PreferencePair.objects.get().reason == "taken_back", "who takes back the approval takes back the pair"
    assert counts(cast.project.pk, kind="pair") == {"held_back": 1}
    with pytest.raises(PairError, match="no_pair"):
        take_back_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW)


def test_a_reopened_sample_takes_its_pair_along(cast: Cast) -> None:
    sample = edited(cast)
    pair_from_edit(cast.seat("carol"), sample_id=sample.pk, now=NOW)
    sample.refresh_from_db()
    reopen(cast.seat("bob"), sample_id=sample.pk, key=new_key(), version=sample.version, reason="again", now=NOW)
    assert PreferencePair.objects.get().state == "held_back"


def test_all_approved_edits_become_pairs_at_once(cast: Cast) -> None:
    for number in range(3):
        edited(cast, output=f"{BETTER} Again and again, {number} times.")
    edited(cast, instruction="Something else.")
    done = pairs_from_edits(cast.seat("bob"), now=NOW, most=2)
    assert (done.made, done.held_back, done.refused, done.more) == (2, 0, {}, True)
    done = pairs_from_edits(cast.seat("bob"), now=NOW, most=2)
    assert (done.made, done.more, PreferencePair.objects.count()) == (1, False, 3)


def test_viewers_make_none(cast: Cast) -> None:
    sample = edited(cast)
    with pytest.raises(PermissionDenied):
        pair_from_edit(cast.seat("dave"), sample_id=sample.pk, now=NOW)
