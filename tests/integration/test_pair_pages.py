"""The pages of preference pairs: what is blind, what is open after a look, holding back, releasing, gating again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from generation.actions.tallies import count_moves, counts
from generation.models import AuditEntry, Look, PreferencePair, Run
from review.actions.pair_moves import PairError
from review.actions.pairs import hold_back, look_at_pairs, release, undo_move
from review.models import Round
from review.reports.pairs import order_for
from tests.cast import NOW, Cast, make_cast
from tests.pairs import make_pair
from tests.runs import plant_seeds, start_offline

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def url(name: str, *rest: Any) -> str:
    return reverse(name, args=["poems", *rest])


def judged(cast: Cast, margins: list[float], *, state: str = "exportable", **fields: Any) -> list[PreferencePair]:
    """Pairs that a judge on a scale of 0 to 10 set so far apart, counted as admission counts them."""
    made = [
        make_pair(
            cast.project, f"Prompt {at} {len(state)}", f"Better {at}", f"Worse {at}", source="judge", margin=margin,
            consistent=True, state=state, meta={"judge": {"model": "judge-canary", "low": 0, "high": 10}}, **fields,
        )
        for at, margin in enumerate(margins)
    ]  # fmt: skip
    count_moves(cast.project.pk, kind="pair", moves={state: len(made)})
    return made


def test_who_has_not_looked_gets_two_answers_and_nothing_else(cast: Cast, client: Client) -> None:
    pairs = judged(cast, [7.25] * 12, state="held_back", reason="position_inconsistent")
    client.force_login(cast.bob)
    listed = client.get(url("pairs"), {"reason": "tie", "source": "judge"}).content.decode()
    assert listed.count("data-row>") == 12, "filters that would tell something are left out"
    page = client.get(url("pair", pairs[0].pk)).content.decode()
    for told in ("judge-canary", "changed its mind", "Chosen", "held back", "7.25", "order was turned", "?state="):
        assert told not in listed, told
        assert told not in page, told
    first = [re.search(r"(Better|Worse) \d+", client.get(url("pair", pair.pk)).content.decode())[1] for pair in pairs]  # type: ignore[index]
    assert set(first) == {"Better", "Worse"}, "the order is drawn, not told"
    assert first[0] == ("Worse" if order_for(cast.seat("bob"), pairs[0].pk) else "Better")
    with pytest.raises(PairError, match="blind"):
        release(cast.seat("bob"), pair_id=pairs[0].pk, version=1, now=NOW)


def test_a_look_is_written_down_and_opens_states_and_reasons(cast: Cast, client: Client) -> None:
    judged(cast, [2.5] * 3)
    judged(cast, [0.2] * 2, state="held_back", reason="below_margin")
    judged(cast, [0.2], state="held_back", reason="position_inconsistent")
    client.force_login(cast.bob)
    assert client.post(url("pairs"), {"do": "look"}).status_code == 302
    assert Look.objects.filter(person=cast.bob, sample=None, run=None).count() == 1
    assert AuditEntry.objects.filter(action="pairs.look", person=cast.bob).count() == 1
    page = client.get(url("pairs")).content.decode()
    assert "3 held back" in page
    assert ">2 the difference is below the margin<" in page
    assert ">1 the judge changed its mind" in page
    assert client.get(url("pairs"), {"reason": "below_margin"}).content.decode().count("data-row>") == 2
    client.force_login(cast.carol)
    assert client.post(url("pairs"), {"do": "look"}).status_code == 403
    assert "held back" not in client.get(url("pairs")).content.decode()


def test_a_pair_is_held_back_and_released_by_people_and_either_is_undone(cast: Cast) -> None:
    [pair] = judged(cast, [2.0])
    seat = cast.seat("bob")
    look_at_pairs(seat, now=NOW)
    held = hold_back(seat, pair_id=pair.pk, version=1, reason="both_bad", now=NOW)
    assert (held.state, held.reason, held.version) == ("held_back", "both_bad", 2)
    assert counts(cast.project.pk, kind="pair") == {"held_back": 1}
    with pytest.raises(PairError, match="changed_since"):
        release(seat, pair_id=pair.pk, version=1, now=NOW)
    freed = release(seat, pair_id=pair.pk, version=2, now=NOW)
    assert (freed.state, freed.reason, freed.source) == ("exportable", "", "human")
    back = undo_move(seat, pair_id=pair.pk, entry=freed.entry or 0, now=NOW)
    assert (back.state, back.reason, back.source) == ("held_back", "both_bad", "judge")
    with pytest.raises(PairError, match="changed_since"):
        undo_move(seat, pair_id=pair.pk, entry=held.entry or 0, now=NOW)
    same = make_pair(cast.project, "Same?", "One text", "One text ", state="held_back", reason="identical")
    with pytest.raises(PairError, match="identical"):
        release(seat, pair_id=same.pk, version=1, now=NOW)


def test_another_margin_is_shown_first_then_done_and_undone_as_one_change(cast: Cast, client: Client) -> None:
    plant_seeds(cast.project, now=NOW)
    run: Run = start_offline(cast.project)
    judged(cast, [0.5, 1.0, 2.0], run=run)
    judged(cast, [0.4, 0.5], state="held_back", reason="below_margin", run=run)
    judged(cast, [3.0], state="held_back", reason="tie", run=run)
    make_pair(cast.project, "By hand", "a", "b", margin=0.1, run=run)
    client.force_login(cast.bob)
    look_at_pairs(cast.seat("bob"), now=NOW)
    page = client.get(url("pairs_gate"), {"run": str(run.pk), "margin": "1"}).content.decode()
    assert "<b>1</b> exportable pairs would be held back, <b>0</b>" in page
    client.post(url("pairs_gate"), {"run": run.pk, "margin": "0.5"})
    states = PreferencePair.objects.filter(run=run, source="judge").order_by("pk").values_list("state", "reason")
    assert list(states) == [("exportable", "")] * 3 + [("held_back", "below_margin"), ("exportable", "")] + [
        ("held_back", "tie")
    ]  # fmt: skip
    client.post(url("pairs_gate"), {"run": run.pk, "margin": "1"})
    assert counts(cast.project.pk, kind="pair") == {"exportable": 2, "held_back": 4}
    entry = AuditEntry.objects.filter(action="pairs.regate").latest("pk")
    assert (entry.detail["held"], entry.detail["released"], entry.subject) == (2, 0, f"run {run.pk}")
    client.post(url("pairs_gate"), {"do": "undo", "entry": entry.pk})
    assert counts(cast.project.pk, kind="pair") == {"exportable": 4, "held_back": 2}
    assert PreferencePair.objects.get(source="human").state == "exportable", "what people decided needs no margin"


def test_what_the_filters_let_through_is_sent_to_a_round(cast: Cast, client: Client) -> None:
    judged(cast, [2.0] * 2)
    judged(cast, [0.2] * 3, state="held_back", reason="tie")
    client.force_login(cast.bob)
    look_at_pairs(cast.seat("bob"), now=NOW)
    answer = client.post(url("pairs") + "?reason=tie", {"do": "round", "name": "Ties", "overlap": "2"})
    made = Round.objects.get()
    assert answer.headers["Location"] == url("compare", made.pk)
    assert (made.comparisons.count(), made.overlap) == (3, 2)


def test_programs_are_blind_too_until_they_have_looked(cast: Cast, client: Client) -> None:
    [pair] = judged(cast, [7.25])
    client.force_login(cast.bob)
    listed = client.get("/api/v1/projects/poems/pairs").json()["items"]
    assert (listed[0]["blind"], sorted(listed[0]["answers"]), listed[0]["state"]) == (
        True,
        ["Better 0", "Worse 0"],
        None,
    )
    assert client.get("/api/v1/projects/poems/pairs", {"state": "exportable"}).status_code == 409
    whole = client.get(f"/api/v1/projects/poems/pairs/{pair.pk}").json()
    assert (whole["judge"], whole["margin"], whole["run"]) == (None, None, None)
    look_at_pairs(cast.seat("bob"), now=NOW)
    whole = client.get(f"/api/v1/projects/poems/pairs/{pair.pk}").json()
    assert (whole["judge"]["model"], whole["margin"], whole["answers"]) == (
        "judge-canary",
        7.25,
        ["Better 0", "Worse 0"],
    )
    path = f"/api/v1/projects/poems/pairs/{pair.pk}"
    held = client.post(path + "/hold-back", {"version": 1, "reason": "tie"}, content_type="application/json").json()
    assert (held["state"], held["reason"], held["version"]) == ("held_back", "tie", 2)
    assert client.post(path + "/release", {"version": 1}, content_type="application/json").status_code == 409
    undone = client.post(path + "/undo", {"entry": held["entry"]}, content_type="application/json").json()
    assert (undone["state"], undone["reason"]) == ("exportable", "")
