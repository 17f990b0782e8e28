"""Disagreements: the list, the page on which one is settled, and what an adjudicator may see."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from generation.models import Answer, PreferencePair
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison, Judgement
from tests.cast import NOW, Cast, make_cast, new_key
from tests.pairs import make_ranking
from tests.votes import all_say, comparisons, make_round, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def disputed(cast: Cast) -> list[Comparison]:
    """Four comparisons: two disputed, two agreed; the models behind them have names that must not be seen."""
    asked = make_round(cast, 4)
    Answer.objects.filter(text__startswith="better").update(model="canary-strong")
    Answer.objects.filter(text__startswith="worse").update(model="canary-weak")
    all_say(cast, asked, "carol", ["chosen", "chosen", "chosen", "tie"])
    all_say(cast, asked, "erin", ["rejected", "chosen", "both_bad", "tie"])
    return comparisons(asked)


def send(client: Client, url: str, comparison: Comparison, **said: str) -> str:
    """The page after an adjudicator's word, by the form alone."""
    sent = {"key": new_key(), "version": comparison.version} | said
    return client.post(url, sent, follow=True).content.decode()


def test_the_list_shows_who_said_what_and_only_what_is_disputed(cast: Cast, client: Client) -> None:
    first, _second, third, _fourth = disputed(cast)
    client.force_login(cast.bob)
    url = f"/p/poems/compare/{first.round_id}/disputes"
    page = client.get(url).content.decode()
    assert [int(found) for found in re.findall(r"<b>#(\d+)</b>", page)] == [first.pk, third.pk]
    assert "carol" in page
    assert "erin" in page
    assert "canary" not in page
    assert f"#{first.pk}<" not in client.get(f"{url}?view=settled").content.decode()
    assert f"#{first.pk}<" in client.get(f"{url}?person={cast.carol.pk}&language=en").content.decode()
    assert f"#{first.pk}<" not in client.get(f"{url}?person={cast.alice.pk}").content.decode()
    client.force_login(cast.carol)
    assert client.get(url).status_code == 403


def test_an_adjudicator_settles_by_the_form_and_may_take_it_back(cast: Cast, client: Client) -> None:
    first, _second, third, _fourth = disputed(cast)
    client.force_login(cast.bob)
    url = f"/p/poems/compare/{first.round_id}/disputes/{first.pk}"
    page = client.get(url).content.decode()
    assert ("canary" in page, 'data-key="3"' in page, "carol" in page) == (False, True, True)
    page = send(client, url, first, say="left_much", note="the right one is wrong")
    assert f"<h1>#{third.pk}</h1>" in page  # on to the next one that waits
    first.refresh_from_db()
    word = Judgement.objects.get(comparison=first, action="adjudicate")
    assert (first.state, word.much_better, word.note) == ("settled", True, "the right one is wrong")
    pair = PreferencePair.objects.get(sample=first.sample, source="human")
    assert (pair.state, pair.chosen_id) == ("exportable", word.shown[0])
    page = client.get(url).content.decode()
    assert ("canary-strong" in page, "settled it" in page) == (True, True)
    page = send(client, url, first, say="undo")
    first.refresh_from_db()
    assert (first.state, 'value="left_much"' in page) == ("disputed", True)


def test_who_voted_leaves_it_to_others_and_an_old_page_is_told(cast: Cast, client: Client) -> None:
    asked = make_round(cast, 1)
    [row] = comparisons(asked)
    say(cast, row, "bob", "chosen")
    say(cast, row, "carol", "rejected")
    client.force_login(cast.bob)
    url = f"/p/poems/compare/{asked.pk}/disputes/{row.pk}"
    row.refresh_from_db()
    refused = client.post(url, {"key": new_key(), "version": row.version, "say": "left"})
    assert (refused.status_code, "You voted on this one yourself" in refused.content.decode()) == (422, True)
    client.force_login(cast.alice)
    old = client.post(url, {"key": new_key(), "version": row.version - 1, "say": "left"}, follow=True)
    assert (old.status_code, Comparison.objects.get().state) == (200, "disputed")
    assert client.post(url, {"key": new_key(), "version": "x", "say": "left"}).status_code == 422


def test_a_ranking_is_settled_by_numbers(cast: Cast, client: Client) -> None:
    make_ranking(cast.project, "Rank", ["a", "b", "c"])
    asked = open_round(cast.seat("bob"), wish=RoundWish("Ranks", kind="rank", overlap=1), now=NOW)
    Comparison.objects.update(state="disputed", votes=1)
    [row] = comparisons(asked)
    client.force_login(cast.bob)
    url = f"/p/poems/compare/{asked.pk}/disputes/{row.pk}"
    page = client.get(url).content.decode()
    assert all(f'name="rank_{place}"' in page for place in (1, 2, 3))
    half = client.post(url, {"key": new_key(), "version": row.version, "say": "ranked", "rank_1": "2"})
    assert (half.status_code, 'value="2"' in half.content.decode()) == (422, True)
    send(client, url, row, say="ranked", rank_1="2", rank_2="1", rank_3="2")
    word = Judgement.objects.get(action="adjudicate")
    assert word.ranking == [[word.shown[1]], [word.shown[0], word.shown[2]]]


def test_a_majority_against_one_is_found_and_open_ones_show_no_votes(cast: Cast, client: Client) -> None:
    asked = make_round(cast, 3, overlap=3)
    all_say(cast, asked, "carol", ["chosen", "chosen", "tie"])
    all_say(cast, asked, "erin", ["chosen", "tie"])
    all_say(cast, asked, "alice", ["chosen", "chosen"])
    _all, most, unfinished = comparisons(asked)
    client.force_login(cast.bob)
    page = client.get(f"/p/poems/compare/{asked.pk}/disputes?view=split").content.decode()
    assert [int(found) for found in re.findall(r"<b>#(\d+)</b>", page)] == [most.pk]
    page = client.get(f"/p/poems/compare/{asked.pk}/disputes/{unfinished.pk}").content.decode()
    assert ("<b>carol</b>" in page, 'data-key="3"' in page) == (False, False)
