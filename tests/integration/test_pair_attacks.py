"""Ways round the gate and the blindness that were tried once: edits, releases, undos, judges that come later."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from generation.actions.judge_alarms import clear_alarm
from generation.actions.tallies import counts
from generation.models import PreferencePair, Run
from generation.types import Draft as DraftValue
from review.actions.comparing import take_back
from review.actions.labels import LabelWish, draw_labels
from review.actions.pair_moves import PairError
from review.actions.pairs import hold_back, look_at_pairs, release, undo_move
from review.actions.regate import regate
from review.actions.rounds import withdraw
from review.models import Judgement
from review.pair_rules import may_leave
from review.selection import Selection
from tests.cast import NOW, Cast, make_cast, new_key
from tests.integration.test_admitted_pairs import decide
from tests.integration.test_blindness import exported
from tests.integration.test_comparing import a_round, only, say
from tests.integration.test_preference_runs import canary, judged
from tests.pairs import make_pair
from tests.runs import plant_seeds, start_offline

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    plant_seeds(cast.project, now=NOW)
    return cast


def leaving() -> list[tuple[str, str]]:
    return list(PreferencePair.objects.filter(may_leave(ready=True)).values_list("chosen__text", "rejected__text"))


def pair() -> PreferencePair:
    return PreferencePair.objects.order_by("pk")[0]


def answered(cast: Cast, **data: Any) -> DraftValue:
    """What a judge says of the two answers of the first pair, the chosen one preferred."""
    return judged(ids=(pair().chosen_id, pair().rejected_id), **data)


def rerun(cast: Cast) -> Run:
    run = start_offline(cast.project)
    Run.objects.filter(pk=run.pk).update(pinned={"answers": [1]})
    run.refresh_from_db()
    return run


@pytest.mark.parametrize("text", ["bad 0", "Bad  0.\n"])
def test_an_edit_that_says_what_the_loser_says_makes_no_pair_that_leaves(cast: Cast, text: str) -> None:
    asked = a_round(cast)
    say(cast, "carol", only(asked).pk, edit=text)
    made = PreferencePair.objects.get(source="edit")
    assert (made.state, made.reason, only(asked).made, leaving()) == ("held_back", "identical", [], [])
    assert counts(cast.project.pk, kind="pair") == {"held_back": 2}


def test_an_undo_does_not_bring_a_withdrawn_comparison_back(cast: Cast) -> None:
    asked = a_round(cast, overlap=2)
    say(cast, "carol", only(asked).pk)
    withdraw(cast.seat("bob"), round_id=asked.pk, now=NOW)
    outcome = take_back(cast.seat("carol"), key=new_key(), now=NOW)
    assert (outcome.saved, outcome.code, only(asked).state) == (False, "withdrawn", "withdrawn")


def test_who_saw_a_verdict_without_names_votes_unblinded_after_an_undo(cast: Cast) -> None:
    asked = a_round(cast, reveal=False)
    say(cast, "carol", only(asked).pk)
    take_back(cast.seat("carol"), key=new_key(), now=NOW)
    say(cast, "carol", only(asked).pk, version=3)
    assert Judgement.objects.get(live=True, action="vote").unblinded


def test_two_answers_never_leave_both_ways_round(cast: Cast) -> None:
    asked = a_round(cast)
    say(cast, "carol", only(asked).pk, "bad")
    bob = cast.seat("bob")
    look_at_pairs(bob, now=NOW)
    with pytest.raises(PairError, match="turned"):
        release(bob, pair_id=pair().pk, version=pair().version, now=NOW)
    assert leaving() == [("bad 0", "good 0")]


def test_no_later_judge_takes_back_what_people_said(cast: Cast) -> None:
    asked = a_round(cast, state="exportable")
    say(cast, "carol", only(asked).pk, "tie")
    assert (pair().state, pair().reason, pair().source) == ("held_back", "tie", "human")
    decide(rerun(cast), answered(cast))
    assert (pair().state, pair().reason) == ("held_back", "tie")
    take_back(cast.seat("carol"), key=new_key(), now=NOW)
    assert (pair().state, pair().source) == ("exportable", "judge")
    bob = cast.seat("bob")
    look_at_pairs(bob, now=NOW)
    for reason in ("by_hand", "speaks_to_judge", "evaluation"):
        held = hold_back(bob, pair_id=pair().pk, version=pair().version, reason=reason, now=NOW)
        decide(rerun(cast), answered(cast))
        assert (pair().state, pair().reason) == ("held_back", reason)
        assert undo_move(bob, pair_id=pair().pk, entry=held.entry or 0, now=NOW).state == "exportable"
    PreferencePair.objects.update(state="held_back", reason="below_margin")
    decide(rerun(cast), answered(cast))
    assert pair().state == "exportable", "what only a judge said, a judge may say anew"


def test_nothing_is_put_back_that_rests_on_a_fooled_judge(cast: Cast) -> None:
    run = start_offline(cast.project)
    decide(run, judged())
    bob = cast.seat("bob")
    look_at_pairs(bob, now=NOW)
    held = hold_back(bob, pair_id=pair().pk, version=1, now=NOW)
    decide(run, canary(fooled=True))
    back = undo_move(bob, pair_id=pair().pk, entry=held.entry or 0, now=NOW)
    assert (back.state, back.reason, leaving()) == ("held_back", "judge_fooled", [])
    assert clear_alarm(run, by=cast.alice, now=NOW) == 1


def test_labels_of_answers_tell_nothing_before_the_vote(cast: Cast, client: Client) -> None:
    scored = make_pair(cast.project, "Ask?", "canary good", "canary bad", scores=(9, 1))
    bob = cast.seat("bob")
    draw_labels(bob, wish=LabelWish("pairs"), now=NOW)
    export = exported(cast.project, selection=Selection(kind="feedback"), by=cast.bob, name="kto")
    rows = f"/p/poems/datasets/{export.version.dataset_id}/v/{export.version.number}/rows"
    client.force_login(cast.carol)
    before = client.get(rows).content.decode()
    assert "canary good" in before
    assert {">good<", ">bad<"} & set(re.findall(r">\s*\w+\s*<", before)) == set()
    api = rows.replace("/p/", "/api/v1/projects/").replace("/v/", "/versions/")
    assert [("good" in each["row"], each["origin"]) for each in client.get(api).json()["items"]] == [(False, "")] * 2
    assert client.get(f"/p/poems/exports/{export.pk}/file").status_code == 403
    client.force_login(cast.bob)
    assert '"good": true' in client.get(api).content.decode(), "whoever has the file written has looked"
    assert client.get(f"/p/poems/exports/{export.pk}/file").status_code == 200
    assert scored.sample_id


def test_the_alarm_of_one_judge_is_not_lifted_with_that_of_another(cast: Cast) -> None:
    first = start_offline(cast.project)
    decide(first, judged("below_margin"))
    second = rerun(cast)
    decide(second, canary(fooled=True), answered(cast, held="below_margin"))
    assert (pair().reason, pair().meta["judge"]["run"]) == ("below_margin", second.pk)
    look_at_pairs(cast.seat("bob"), now=NOW)
    assert regate(cast.seat("bob"), run_id=first.pk, least_margin=0.0, now=NOW).released == 0
    decide(second, answered(cast))
    decide(first, canary(fooled=True))
    assert pair().reason == "judge_fooled"
    assert clear_alarm(first, by=cast.alice, now=NOW) == 0
    assert leaving() == []
    assert clear_alarm(second, by=cast.alice, now=NOW) == 1
