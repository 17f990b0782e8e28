"""Pairs that say the opposite of each other: neither leaves, whoever brought them, until people have decided."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generation.actions.tallies import counts
from generation.models import PreferencePair
from generation.preferences.bias import PairFacts, report_of
from review.actions.pairs import hold_back, look_at_pairs, release, undo_move
from review.actions.regate import regate
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison
from review.pair_criteria import PairCriteria
from review.reports.pairs import browse_pairs
from review.selection import Selection, figures
from tests.cast import NOW, Cast, make_cast
from tests.integration.test_admitted_pairs import decide
from tests.integration.test_comparing import say
from tests.integration.test_preference_runs import judged
from tests.integration.test_row_imports import bring_in
from tests.pairs import make_answer
from tests.runs import plant_seeds, start_offline

pytestmark = pytest.mark.django_db
HELD = ("held_back", "contradicted")


@pytest.fixture
def cast(settings: Any, tmp_path: Any) -> Cast:
    settings.IMPORT_ROOT = tmp_path / "imports"
    return make_cast()


def rows(*pairs: tuple[str, str], scored: bool = False) -> bytes:
    found = [{"prompt": "哪个更好？ Which?", "chosen": chosen, "rejected": rejected} for chosen, rejected in pairs]
    more = {"score_chosen": 9.0, "score_rejected": 2.0} if scored else {}
    return b"".join(json.dumps(row | more).encode() + b"\n" for row in found)


def imported(cast: Cast, *pairs: tuple[str, str], approved: bool = False, **more: Any) -> None:
    bring_in(cast, rows(*pairs, **more), format="trl_preference", approved=approved)


def standing() -> list[tuple[str, str]]:
    return list(PreferencePair.objects.order_by("pk").values_list("state", "reason"))


def leaving(cast: Cast) -> int:
    return figures(cast.project, Selection(kind="preference", ready=True)).approved


@pytest.mark.parametrize("approved", [False, True])
@pytest.mark.parametrize("together", [False, True])
def test_two_files_or_one_that_prefer_either_answer_leave_with_neither(
    cast: Cast, approved: bool, together: bool
) -> None:
    files = [[("甲 one", "two")], [("two", "甲 one"), ("two", "three")]]
    for file in [files[0] + files[1]] if together else files:
        imported(cast, *file, approved=approved)
    kept = ("exportable", "") if approved else ("ready", "")
    assert standing() == [HELD, HELD, kept]
    assert counts(cast.project.pk, kind="pair") == {"held_back": 2, kept[0]: 1}
    assert leaving(cast) == 1
    look_at_pairs(cast.seat("bob"), now=NOW)
    found = browse_pairs(cast.seat("bob"), criteria=PairCriteria(reason="contradicted"), after=None)
    assert (found.count.number, found.by_reason) == (2, [("contradicted", 2)])


def test_scores_and_spaces_round_it_do_not_hide_a_contradiction(cast: Cast) -> None:
    imported(cast, ("one", "two"))
    imported(cast, ("two ", "one\n"), scored=True)
    assert standing() == [HELD, HELD]


def test_what_people_decided_stands_against_a_later_file(cast: Cast) -> None:
    imported(cast, ("one", "two"))
    asked = open_round(cast.seat("bob"), wish=RoundWish("Which", kind="choose"), now=NOW)
    [row] = Comparison.objects.filter(round=asked)
    say(cast, "carol", row.pk, "tie")
    PreferencePair.objects.update(state="exportable", reason="", source="human")
    imported(cast, ("two", "one"), approved=True)
    assert standing() == [("exportable", ""), HELD]


def test_people_settle_a_contradiction_by_judging_it_or_by_their_word(cast: Cast) -> None:
    imported(cast, ("good one", "bad two"))
    imported(cast, ("bad two", "good one"))
    wish = RoundWish("Settle", chosen={"pairs": "held_back", "reason": "contradicted"})
    asked = open_round(cast.seat("alice"), wish=wish, now=NOW)
    say(cast, "carol", Comparison.objects.filter(round=asked).order_by("pk")[0].pk, "good")
    assert standing() == [("exportable", ""), ("held_back", "people_disagree")]
    PreferencePair.objects.update(state="held_back", reason="contradicted", source="import")
    bob = cast.seat("bob")
    look_at_pairs(bob, now=NOW)
    first, second = PreferencePair.objects.order_by("pk")
    released = release(bob, pair_id=second.pk, version=second.version, now=NOW)
    assert standing() == [HELD, ("exportable", "")]
    undo_move(bob, pair_id=second.pk, entry=released.entry or 0, now=NOW)
    assert standing() == [HELD, HELD]
    assert first.pk != second.pk


def test_nothing_that_comes_back_brings_its_opposite_with_it(cast: Cast) -> None:
    imported(cast, ("one", "two"), approved=True)
    bob = cast.seat("bob")
    look_at_pairs(bob, now=NOW)
    first = PreferencePair.objects.get()
    held = hold_back(bob, pair_id=first.pk, version=1, now=NOW)
    imported(cast, ("two", "one"), approved=True)
    assert standing() == [("held_back", "by_hand"), ("exportable", "")]
    back = undo_move(bob, pair_id=first.pk, entry=held.entry or 0, now=NOW)
    assert (back.state, back.reason, standing()) == (*HELD, [HELD, HELD])
    assert counts(cast.project.pk, kind="pair") == {"held_back": 2}


def test_a_judge_that_contradicts_a_file_or_itself_is_held_back_with_it_and_may_not_take_it_back(cast: Cast) -> None:
    plant_seeds(cast.project, now=NOW)
    imported(cast, ("one", "two"), approved=True)
    pair = PreferencePair.objects.get()
    twin = make_answer(pair.sample, "one", score=3)
    run = start_offline(cast.project)
    decide(run, judged(ids=(pair.rejected_id, twin.pk)))
    assert standing() == [HELD, HELD]
    assert counts(cast.project.pk, kind="pair") == {"held_back": 2}
    decide(run, judged(ids=(pair.rejected_id, twin.pk)))
    look_at_pairs(cast.seat("bob"), now=NOW)
    regate(cast.seat("bob"), run_id=run.pk, least_margin=0.0, now=NOW)
    assert (standing(), leaving(cast)) == ([HELD, HELD], 0)


def test_the_report_finds_contradictions_of_prompts_that_stand_there_twice(cast: Cast) -> None:
    said = [("a", "b"), ("b", "a"), ("a", "c"), ("b", "c"), ("x", "x")]
    facts = [PairFacts(at, at, "Which?", chosen, rejected) for at, (chosen, rejected) in enumerate(said, 1)]
    found = report_of([*facts, PairFacts(9, 9, "Another?", "b", "a")], random_seed=1)
    [told] = [each for each in found.told["findings"] if each["code"] == "contradictions"]
    assert (told["level"], told["hits"], told["n"], told["remedies"]) == ("warn", 2, 6, ["drop", "review"])
    assert sorted(found.rows["contradictions"]) == [1, 2]
