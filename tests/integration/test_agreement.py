"""How far the people of a round agree: the figures, who may see which, and the page."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from review.actions.comparing import Said, judge
from review.actions.rounds import RoundWish, open_round
from review.actions.verdicts import shown_to
from review.reports.agreement import Agreement, agreement_of
from tests.cast import NOW, Cast, make_cast, new_key
from tests.pairs import make_ranking
from tests.votes import all_say, comparisons, make_round, say

pytestmark = pytest.mark.django_db
CAROL = ["chosen"] * 8 + ["rejected", "tie"]
ERIN = ["chosen"] * 6 + ["rejected"] * 3 + ["chosen"]
# both say the same of 7 in 10; with the names of answers taken off Carol's votes fall .45 .45 .1, Erin's .5 .5 0


@pytest.fixture
def cast() -> Cast:
    cache.clear()  # ids come again in every test
    return make_cast()


def figures(cast: Cast, name: str, asked: object) -> Agreement:
    return agreement_of(cast.seat(name), asked=asked)  # type: ignore[arg-type]


def test_two_people_over_ten_pairs(cast: Cast) -> None:
    asked = make_round(cast, 10)
    all_say(cast, asked, "carol", CAROL)
    all_say(cast, asked, "erin", ERIN)
    found = figures(cast, "bob", asked)
    assert found.all.percent.value == pytest.approx(0.7)
    assert (found.all.percent.n, found.all.votes, found.closed, found.people) == (10, 20, 10, 2)
    assert found.cohen.value == pytest.approx((0.7 - 0.45) / 0.55)
    assert found.all.fleiss.value == pytest.approx((0.7 - 0.45375) / 0.54625)
    assert found.all.alpha.value == pytest.approx(1 - 0.3 / 0.575)
    assert (found.all_states, found.pairs) == ({"agreed": 7, "disputed": 3}, 1)
    assert sum(count for _code, count in found.verdicts) == 20


def test_an_editor_sees_all_and_a_reviewer_what_is_closed_and_theirs(cast: Cast) -> None:
    asked = make_round(cast, 4, overlap=3)
    all_say(cast, asked, "carol", ["chosen"] * 4)
    all_say(cast, asked, "erin", ["chosen", "chosen", "rejected"])
    assert (figures(cast, "bob", asked).all.percent.n, figures(cast, "bob", asked).votes) == (3, 7)
    assert figures(cast, "carol", asked).votes == 0
    say(cast, comparisons(asked)[2], "alice", "chosen")
    assert (figures(cast, "carol", asked).votes, figures(cast, "carol", asked).all.percent.n) == (3, 1)
    assert {each.one for each in figures(cast, "carol", asked).two} | {"erin", "alice"} == {"carol", "erin", "alice"}
    assert len(figures(cast, "carol", asked).two) == 2
    # Alice votes in the round now: of open comparisons she learns nothing that she has not voted on herself
    assert figures(cast, "alice", asked).votes == 3
    assert figures(cast, "bob", asked).votes == 8


def test_nothing_said_is_not_full_agreement(cast: Cast, client: Client) -> None:
    asked = make_round(cast, 3)
    assert figures(cast, "bob", asked).all.alpha.value is None
    all_say(cast, asked, "carol", ["tie"] * 3)
    all_say(cast, asked, "erin", ["tie"] * 3)
    found = figures(cast, "bob", asked)
    assert found.all.percent.value == 1.0
    assert (found.cohen.value, found.all.fleiss.value, found.all.alpha.value) == (None, None, None)
    client.force_login(cast.bob)
    page = client.get(f"/p/poems/compare/{asked.pk}/agreement").content.decode()
    assert page.count("<b>n/a</b>") == 3


def test_rankings_agree_by_tau_and_by_every_two_answers(cast: Cast) -> None:
    make_ranking(cast.project, "Rank", ["a", "b", "c", "d"])
    asked = open_round(cast.seat("bob"), wish=RoundWish("Ranks", kind="rank", overlap=2), now=NOW)
    [row] = comparisons(asked)
    one, two, three, four = sorted(row.answers)
    for name, order in (("carol", [one, two, three, four]), ("erin", [one, two, four, three])):
        seat = cast.seat(name)
        shown = shown_to(seat.person.pk, comparison=row.pk, answers=row.answers, seed=asked.random_seed)
        said = Said(verdict="ranked", places=[[shown.index(answer) + 1] for answer in order])
        judge(seat, comparison_id=row.pk, said=said, key=new_key(), version=1, now=NOW)
    found = figures(cast, "bob", asked)
    assert found.tau.value == pytest.approx(4 / 6)
    assert found.concordance.value == pytest.approx(12 * 18 / (4 * 60))  # sums of ranks 2, 4, 7 and 7
    assert found.all.percent.value == pytest.approx(5 / 6)
    assert (found.all.percent.n, found.two[0].percent.n) == (1, 1)


def test_the_page_renews_itself_while_the_round_is_open(cast: Cast, client: Client) -> None:
    asked = make_round(cast, 2)
    client.force_login(cast.bob)
    url = f"/p/poems/compare/{asked.pk}/agreement"
    assert "every 5s" in client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true", "HX-Target": "agreement_figures"}).content.decode()
    assert part.strip().startswith('<div id="agreement_figures"')
    asked.state = "closed"
    asked.save()
    assert "hx-get" not in client.get(url).content.decode()
    client.force_login(cast.dave)
    assert client.get(url).status_code == 403
