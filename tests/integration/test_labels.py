"""Labels for KTO: from files, decisions and pairs; a threshold on each answer's own scale; what holds no more goes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from generation.actions.tallies import counts
from generation.models import Answer, Feedback, PreferencePair, Sample
from review.actions.datasets import dataset_of, freeze
from review.actions.labels import LabelWish, draw_labels
from review.labels import PAIRS
from review.selection import Selection, pinned_rows
from tests.cast import NOW, Cast, make_cast, make_samples
from tests.pairs import make_feedback, make_pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def labels(cast: Cast, origin: str = "") -> list[tuple[str, bool]]:
    rows = Selection(kind="feedback", origin=origin).rows(cast.project)
    return sorted(rows.values_list("completion", "good"))


def scored(cast: Cast, prompt: str, chosen: float, rejected: float, *, low: float, high: float) -> PreferencePair:
    pair = make_pair(cast.project, prompt, f"{prompt} {chosen}", f"{prompt} {rejected}")
    for answer, value in ((pair.chosen, chosen), (pair.rejected, rejected)):
        Answer.objects.filter(pk=answer.pk).update(scores={"score": {"value": value, "low": low, "high": high}})
    return pair


def test_approved_and_rejected_samples_are_good_and_bad_labels_as_they_stand(cast: Cast) -> None:
    [good] = make_samples(cast.project, [("Ask", "Fine.")], state=Sample.State.APPROVED)
    make_samples(cast.project, [("Ask", "No.")], state=Sample.State.REJECTED)
    make_samples(cast.project, [("Ask", "Wait.")])
    seat = cast.seat("bob")
    drawn = draw_labels(seat, wish=LabelWish(), now=NOW)
    assert (drawn.good, drawn.bad, drawn.gone) == (1, 1, 0)
    assert labels(cast, "decision") == [("Fine.", True), ("No.", False)]
    version = freeze(
        dataset_of(cast.project, now=NOW, name="kto", kind="feedback"), selection=Selection(kind="feedback"),
        by=cast.bob, now=NOW,
    )  # fmt: skip
    Sample.objects.filter(pk=good.pk).update(state=Sample.State.REJECTED)
    drawn = draw_labels(seat, wish=LabelWish(), now=NOW)
    assert (drawn.good, drawn.bad, drawn.gone) == (0, 1, 1)
    assert labels(cast) == [("Fine.", False), ("No.", False)]
    assert version.pins.filter(feedback__good=True).count() == 1, "what is frozen stays frozen"
    assert draw_labels(seat, wish=LabelWish(), now=NOW).bad == 0
    Sample.objects.filter(pk=good.pk).update(state=Sample.State.APPROVED)
    assert draw_labels(seat, wish=LabelWish(), now=NOW).good == 1
    assert labels(cast) == [("Fine.", True), ("No.", False)]
    assert counts(cast.project.pk, kind="feedback") == {"active": 2}


def test_pairs_are_taken_apart_by_a_threshold_on_the_scale_of_each_answer(cast: Cast) -> None:
    scored(cast, "five", 3.5, 3.4, low=1, high=5)
    scored(cast, "ten", 6.25, 6.2, low=0, high=10)
    scored(cast, "bad", 2.0, 1.0, low=1, high=5)
    make_pair(cast.project, "none", "chosen", "rejected")
    drawn = draw_labels(cast.seat("bob"), wish=LabelWish(PAIRS), now=NOW)
    assert (drawn.good, drawn.bad, drawn.unscored) == (2, 4, 2)
    assert labels(cast, "pair") == [
        ("bad 1.0", False), ("bad 2.0", False), ("five 3.4", False), ("five 3.5", True), ("ten 6.2", False),
        ("ten 6.25", True),
    ]  # fmt: skip
    drawn = draw_labels(cast.seat("bob"), wish=LabelWish(PAIRS, unscored=True), now=NOW)
    assert (drawn.good, drawn.bad) == (1, 1)
    PreferencePair.objects.update(state="held_back", reason="tie")
    assert draw_labels(cast.seat("bob"), wish=LabelWish(PAIRS), now=NOW).gone == 8
    assert not Feedback.objects.exists()


def test_labels_of_rows_made_without_a_model_go_in_on_wish_only_and_say_so(cast: Cast) -> None:
    rules = Sample.Origin.RULES
    [made] = make_samples(cast.project, [("Ask", "By rules.")], state=Sample.State.APPROVED, origin=rules)
    make_feedback(cast.project, [("Hello", "Hi!", True)])
    draw_labels(cast.seat("bob"), wish=LabelWish(), now=NOW)
    assert labels(cast) == [("Hi!", True)], "what came with a file has no sample, and stays"
    every = Selection(kind="feedback", without_model=True)
    dataset = dataset_of(cast.project, now=NOW, name="kto", kind="feedback")
    [rows] = pinned_rows(freeze(dataset, selection=every, by=cast.bob, now=NOW))
    assert {(row.origin, row.sample) for row in rows} == {(rules, made.pk), ("import", None)}


def test_labels_of_evaluation_rows_never_train(cast: Cast) -> None:
    make_samples(cast.project, [("Ask", "Kept back.")], state=Sample.State.APPROVED, evaluation=True)
    make_feedback(cast.project, [("Hello", "Hi!", True)])
    draw_labels(cast.seat("bob"), wish=LabelWish(), now=NOW)
    assert labels(cast) == [("Hi!", True)]


def test_the_page_says_what_there_is_and_which_weight_it_asks_for(cast: Cast, client: Client) -> None:
    make_feedback(cast.project, [("Hello", f"Hi {number}", number < 90) for number in range(100)])
    scored(cast, "ten", 9.0, 2.0, low=0, high=10)
    client.force_login(cast.bob)
    page = client.get(reverse("labels", args=["poems"])).content.decode()
    assert "Train with lambda_U between 6.75 and 9, the other 1." in page
    client.post(reverse("labels", args=["poems"]), {"from": "pairs", "good_from": "4.9"})
    assert labels(cast, "pair") == [("ten 2.0", False), ("ten 9.0", False)], "4.9 of 5 is 9.75 of 10"
