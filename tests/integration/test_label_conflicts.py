"""The same answer called good and bad is listed, with who said what."""

from __future__ import annotations

import pytest
from django.test import Client

from generation.models import Feedback, Job
from review.actions.comparing import Said, judge, next_comparisons
from review.actions.labels import LabelWish, draw_labels
from review.actions.pairs import look_at_pairs
from review.actions.rounds import RoundWish, open_round
from review.models import Decision
from review.reports.label_conflicts import conflicts_seen, label_conflicts
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.pairs import make_feedback
from tests.program import Program

pytestmark = pytest.mark.django_db
PAGE = "/p/poems/labels/conflicts"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_003_23_the_same_prompt_and_completion_with_both_labels_is_listed(cast: Cast) -> None:
    said = [("Why?", "Because.", True), ("Why?", "Because.", False), ("Why?", "So.", False), ("How?", "Because.", True)]
    make_feedback(cast.project, said)
    make_feedback(cast.project, [("How?", "Because.", False)], source="put_away")
    make_feedback(cast.other_project, [("How?", "Because.", False)])
    [found] = label_conflicts(cast.project)
    assert (found.prompt, found.completion, found.good.count, found.bad.count) == ("Why?", "Because.", 1, 1)


def test_both_sides_name_the_people_the_file_and_the_decision(cast: Cast, client: Client) -> None:
    [sample] = make_samples(cast.project, [("Why?", "Because.")])
    Decision.objects.create(
        project=cast.project, sample=sample, person=cast.carol, action="approve", revision=1, version=1, key=new_key(),
        created_at=NOW,
    )  # fmt: skip
    sample.state = "approved"
    sample.save()
    draw_labels(cast.seat("bob"), wish=LabelWish(), now=NOW)
    job = Job.objects.create(
        project=cast.project, kind="rows", params={"name": "thumbs.jsonl"}, made_by=cast.bob, created_at=NOW
    )
    make_feedback(cast.project, [("Why?", "Because.", False), ("Why?", "Because.", False)], job=job)
    [found] = conflicts_seen(cast.seat("bob")).rows
    assert (found.good.origin, found.good.people, found.good.sample) == ("decision", ["carol"], sample.pk)
    assert (found.bad.origin, found.bad.people, found.bad.file, found.bad.count) == (
        "import", ["bob"], "thumbs.jsonl", 2
    )  # fmt: skip
    client.force_login(cast.bob)
    page = client.get(PAGE).content.decode()
    for word in ("carol", "thumbs.jsonl", f"sample {sample.pk}"):
        assert word in page
    assert PAGE in client.get("/p/poems/labels").content.decode()
    status, body = Program(cast.bob)("GET", "/api/v1/projects/poems/labels/conflicts")
    assert (status, body["count"], body["items"][0]["good"]["people"]) == (200, 1, ["carol"])


def test_votes_that_contradict_each_other_are_told_to_who_had_them_shown(cast: Cast, client: Client) -> None:
    make_samples(cast.project, [("Why?", "Because.")])
    for name, person, verdict in (("One", "carol", "good"), ("Two", "erin", "bad")):
        asked = open_round(
            cast.seat("bob"), wish=RoundWish(name, kind="rate", chosen={"samples": "outputs"}), now=NOW
        )  # fmt: skip
        seat = cast.seat(person)
        [comparison] = next_comparisons(seat, round_id=asked.pk)
        judge(seat, comparison_id=comparison, said=Said(verdict=verdict), key=new_key(), version=1, now=NOW)
    assert Feedback.objects.count() == 2
    client.force_login(cast.bob)
    hidden = client.get(PAGE).content.decode()
    assert "carol" not in hidden
    assert "Because." not in hidden
    assert "1 answer was called good and bad" in hidden
    assert Program(cast.bob)("GET", "/api/v1/projects/poems/labels/conflicts")[0] == 409
    look_at_pairs(cast.seat("bob"), now=NOW)
    [found] = conflicts_seen(cast.seat("bob")).rows
    assert (found.good.people, found.bad.people) == (["carol"], ["erin"])
    assert "erin" in client.get(PAGE).content.decode()


def test_of_very_many_labels_the_newest_are_compared_and_the_page_says_so(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.reports.label_conflicts.LOOKED_AT", 4)
    both = [("Why?", "Because.", True), ("Why?", "Because.", False)]
    make_feedback(cast.project, [*both, ("How?", "So.", True), ("How?", "So.", False)])
    client.force_login(cast.alice)
    assert len(label_conflicts(cast.project)) == 2
    assert "among the newest" not in client.get(PAGE).content.decode()
    make_feedback(cast.project, [("When?", "Now.", True)])
    make_feedback(cast.other_project, [("When?", "Now.", False)])
    seen = conflicts_seen(cast.seat("bob"))
    assert [each.prompt for each in seen.rows] == ["How?"]
    assert "among the newest 4 labels" in client.get(PAGE).content.decode()
