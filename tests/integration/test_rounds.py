"""Rounds are opened by editors, filled once, dealt by share and filter, closed and withdrawn."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from generation.actions.jobs import work_on
from generation.models import AuditEntry, Job
from review.actions import rounds
from review.actions.comparing import Said, judge, next_comparisons
from review.actions.rounds import (
    RoundError,
    RoundWish,
    candidates,
    close_round,
    deal_to_all,
    fill_round,
    open_round,
    reopen_round,
    withdraw,
)
from review.models import Assignment, Comparison
from review.reports.round_size import RoundSize, round_size
from tests.cast import NOW, Cast, make_cast, make_samples, new_key
from tests.pairs import make_pair, make_ranking

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def pairs(cast: Cast, count: int, **fields: object) -> list:
    values: dict = {"source": "judge", "state": "ready"} | fields
    return [make_pair(cast.project, f"Question {n}?", f"good {n}", f"bad {n}", **values) for n in range(count)]


def test_the_same_wish_is_the_same_round_and_another_of_that_name_is_refused(cast: Cast) -> None:
    pairs(cast, 3)
    first = open_round(cast.seat("bob"), wish=RoundWish("One", overlap=2), now=NOW)
    again = open_round(cast.seat("bob"), wish=RoundWish(" One ", overlap=2), now=NOW)
    assert (again.pk, Comparison.objects.count()) == (first.pk, 3)
    with pytest.raises(RoundError, match="name_taken"):
        open_round(cast.seat("bob"), wish=RoundWish("One", overlap=3), now=NOW)
    assert AuditEntry.objects.filter(action="round.open").count() == 1


def test_reviewers_and_viewers_open_nothing(cast: Cast) -> None:
    pairs(cast, 1)
    for name in ("carol", "dave"):
        with pytest.raises(PermissionDenied):
            open_round(cast.seat(name), wish=RoundWish("One"), now=NOW)


def test_a_round_is_made_of_pairs_by_state_and_reason_of_prompts_or_of_outputs(cast: Cast) -> None:
    pairs(cast, 2)
    pairs(cast, 3, state="held_back", reason="tie")
    make_pair(cast.project, "Alike?", "same", "same", state="held_back", reason="identical")
    make_ranking(cast.project, "Rank these", ["a", "b", "c", "c"])
    make_samples(cast.project, 4)
    bob = cast.seat("bob")
    counted: list[tuple[str, dict, int]] = [
        ("choose", {}, 5), ("choose", {"pairs": "held_back"}, 3), ("choose", {"reason": "tie", "most": 2}, 2),
        ("choose", {"samples": "answers"}, 6), ("rank", {}, 6), ("rate", {}, 7), ("rate", {"samples": "outputs"}, 4),
    ]  # fmt: skip
    assert [candidates(bob, kind=kind, chosen=chosen) for kind, chosen, _ in counted] == [n for *_, n in counted]
    ranked = open_round(bob, wish=RoundWish("Ranks", kind="rank"), now=NOW)
    assert Counter(len(row.answers) for row in ranked.comparisons.all()) == {2: 5, 3: 1}
    rated = open_round(bob, wish=RoundWish("Outputs", kind="rate", chosen={"samples": "outputs"}), now=NOW)
    assert [row.answers for row in rated.comparisons.all()] == [[], [], [], []]
    with pytest.raises(RoundError, match="nothing_to_compare"):
        open_round(bob, wish=RoundWish("None", chosen={"pairs": "disputed"}), now=NOW)


def test_a_large_round_is_filled_by_a_job_that_goes_on_where_it_was_killed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs(cast, 7)
    monkeypatch.setattr(rounds, "AT_ONCE", 3)
    monkeypatch.setattr("review.actions.dealing.BATCH", 3)
    asked = open_round(cast.seat("bob"), wish=RoundWish("Large"), now=NOW)
    assert (asked.comparisons.count(), Job.objects.get().total) == (0, 7)
    job = Job.objects.get()
    original = rounds.fill
    killed: list[int] = []

    def dies_once(*args: object, **fields: object) -> tuple[int, int]:
        if asked.comparisons.count() == 3 and not killed:
            killed.append(1)
            raise SystemExit
        return original(*args, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(rounds, "fill", dies_once)
    with pytest.raises(SystemExit):
        work_on(job.pk, owner="w", clock=timezone.now, work=lambda job: fill_round(job, clock=timezone.now))
    Job.objects.update(state="waiting")
    work_on(job.pk, owner="w", clock=timezone.now, work=lambda job: fill_round(job, clock=timezone.now))
    assert (Job.objects.get().state, asked.comparisons.count()) == ("done", 7)
    assert len(set(asked.comparisons.values_list("pair", flat=True))) == 7


def test_the_seed_draws_the_overlap_and_deals_by_share_and_filter(cast: Cast) -> None:
    pairs(cast, 200)
    dealt: list[dict] = [
        {"person": cast.carol.pk, "share": 60}, {"person": cast.erin.pk, "share": 20},
        {"person": cast.bob.pk, "language": "zh"},
    ]  # fmt: skip
    wish = RoundWish("Dealt", overlap=2, overlap_share=25, dealt=dealt)
    asked = open_round(cast.seat("bob"), wish=wish, now=NOW)
    wanted = Counter(asked.comparisons.values_list("wanted", flat=True))
    assert 30 <= wanted[2] <= 70
    to_carol, to_erin = (Assignment.objects.filter(person=person).count() for person in (cast.carol, cast.erin))
    assert not Assignment.objects.filter(person=cast.bob).exists()
    free = asked.comparisons.filter(assignments=None).count()
    assert 25 <= free <= 55
    assert to_carol > 1.8 * to_erin > 0
    per_row = Counter(Assignment.objects.values_list("comparison", flat=True))
    rows = dict(asked.comparisons.values_list("pk", "wanted"))
    assert all(rows[pk] == number for pk, number in per_row.items())
    with pytest.raises(RoundError, match="unknown_person"):
        open_round(cast.seat("bob"), wish=RoundWish("X", dealt=[{"person": cast.dave.pk}]), now=NOW)


def test_what_is_dealt_to_somebody_is_offered_to_nobody_else_until_it_is_dealt_to_all(cast: Cast) -> None:
    pairs(cast, 3)
    asked = open_round(cast.seat("bob"), wish=RoundWish("Mine", dealt=[{"person": cast.carol.pk}]), now=NOW)
    assert next_comparisons(cast.seat("erin"), round_id=asked.pk) == []
    assert len(next_comparisons(cast.seat("carol"), round_id=asked.pk)) == 2
    assert deal_to_all(cast.seat("bob"), round_id=asked.pk, person=cast.carol.pk, now=NOW) == 3
    assert len(next_comparisons(cast.seat("erin"), round_id=asked.pk)) == 1


def test_a_closed_round_offers_and_takes_nothing_until_it_is_opened_again(cast: Cast) -> None:
    pairs(cast, 2)
    bob, carol = cast.seat("bob"), cast.seat("carol")
    asked = open_round(bob, wish=RoundWish("One"), now=NOW)
    first, _ = next_comparisons(carol, round_id=asked.pk)
    close_round(bob, round_id=asked.pk, now=NOW)
    assert next_comparisons(carol, round_id=asked.pk) == []
    said = Said(verdict="tie")
    late = judge(carol, comparison_id=first, said=said, key=new_key(), version=1, now=NOW)
    assert (late.saved, late.code) == (False, "round_closed")
    reopen_round(bob, round_id=asked.pk, now=NOW)
    assert judge(carol, comparison_id=first, said=said, key=new_key(), version=1, now=NOW).saved
    assert withdraw(bob, round_id=asked.pk, now=NOW) == 1
    assert Counter(asked.comparisons.values_list("state", flat=True)) == {"agreed": 1, "withdrawn": 1}


def test_a_round_of_rating_counts_prompts_and_says_how_many_answers_that_makes(cast: Cast) -> None:
    pairs(cast, 5)
    make_pair(cast.project, "Alike?", "same", "same", state="held_back", reason="identical")
    make_ranking(cast.project, "Rank these", ["a", "b", "c", "c"])
    bob = cast.seat("bob")
    assert round_size(bob, kind="choose", chosen={}) == RoundSize("pairs", 5, 5)
    assert round_size(bob, kind="rate", chosen={}) == RoundSize("prompts", 7, 14)
    assert round_size(bob, kind="rate", chosen={"most": 2}) == RoundSize("prompts", 2, 4, reckoned=True)
    rated = open_round(bob, wish=RoundWish("Answers", kind="rate"), now=NOW)
    assert rated.comparisons.count() == 14
