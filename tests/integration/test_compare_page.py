"""The page of comparisons without a browser: forms, JSON, what is refused, and what is kept from people."""

from __future__ import annotations

import pytest
from django.utils import timezone

from generation.models import Answer, Feedback, PreferencePair, Sample
from review.actions.comparing import Said, judge
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison, Judgement, Round
from tests.cast import NOW, make_cast, make_samples, new_key
from tests.pairs import make_pair, make_ranking

pytestmark = pytest.mark.django_db
CANARY = "canary-model-9417"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def asked(cast) -> Round:
    verdict = {"judge": {"model": CANARY, "reasons": [CANARY], "scores": [9417, 1]}}
    for number in range(3):
        pair = make_pair(
            cast.project, f"Question {number}?", f"Good {number}", f"Bad {number}", scores=(9.417, 1), state="ready",
            meta=verdict,
        )  # fmt: skip
        Answer.objects.filter(pk__in=(pair.chosen_id, pair.rejected_id)).update(model=CANARY)
    return opened(cast, name="Three", criteria=("correct",), rationale="optional")


def opened(cast, **wish) -> Round:
    return open_round(cast.seat("alice"), wish=RoundWish(**wish), now=timezone.now())


@pytest.fixture
def carol(cast, client):
    client.force_login(cast.carol)
    return client


def page_of(asked, more: str = "") -> str:
    return f"/p/poems/compare/{asked.pk}{more}"


def first_id(client, asked) -> int:
    return client.get(page_of(asked)).context["card"].comparison.id


def vote(client, asked, comparison: int, **fields):
    sent = {"say": "left", "comparison": comparison, "version": 1, "key": new_key()} | fields
    headers = JSON if fields.pop("json", False) else {}
    sent.pop("json", None)
    return client.post(page_of(asked, "/judge"), sent, **headers)


def test_nothing_of_names_scores_and_verdicts_is_on_the_page_before_the_vote(carol, asked):
    for address in (page_of(asked), page_of(asked, "?raw=1"), "/p/poems/compare"):
        text = carol.get(address).content.decode()
        assert CANARY not in text
        assert "9417" not in text.replace(str(asked.pk), "")
        assert "data-answer" not in text
    other = vote(carol, asked, first_id(carol, asked), say="skip", json=True, reveal="1").content.decode()
    assert CANARY not in other
    assert "9417" not in other


def test_without_script_a_vote_leads_to_what_it_reveals_and_on_to_the_next(carol, asked):
    pk = first_id(carol, asked)
    answer = vote(carol, asked, pk, say="right_much", criterion_0="left", note=" Clearer. ")
    assert answer["Location"] == page_of(asked, f"?voted={pk}")
    text = carol.get(answer["Location"]).content.decode()
    assert CANARY in text
    assert "Right much better" in text
    said = Judgement.objects.get(comparison=pk)
    assert (said.verdict, said.much_better, said.criteria, said.note) == (
        "right",
        True,
        {"correct": "left"},
        "Clearer.",
    )
    carol.cookies["fdc_straight"] = "1"
    assert vote(carol, asked, first_id(carol, asked))["Location"] == page_of(asked)


def test_the_script_gets_the_next_card_and_what_may_be_revealed(carol, asked):
    cards = carol.get(page_of(asked)).context["cards"]
    have = [card.comparison.id for card, _ in cards]
    body = vote(carol, asked, have[0], json=True, reveal="1", have=have[1]).json()
    assert body["saved"]
    assert body["desk"][0] == have[1]
    assert list(body["cards"]) == [str(pk) for pk in body["desk"][1:]]
    assert CANARY in body["reveal"]
    assert CANARY in "".join(body["sides"].values())
    assert CANARY not in "".join(body["cards"].values())
    back = carol.post(page_of(asked, "/undo"), {"key": new_key()}, **JSON).json()
    assert (back["undid"], back["desk"][0]) == ("vote", have[0])


def test_a_conflict_and_a_fault_keep_the_persons_own_words(carol, cast, asked):
    pk = first_id(carol, asked)
    judge(cast.seat("erin"), comparison_id=pk, said=Said(verdict="tie"), key=new_key(), version=1, now=NOW)
    late = vote(carol, asked, pk, note="My reason", edit="My version")
    assert late.status_code == 409
    assert "My version\n\nMy reason" in late.content.decode()
    wrong = vote(carol, asked, first_id(carol, asked), say="tie", edit="My version")
    assert wrong.status_code == 422
    assert "My version" in wrong.content.decode()
    assert vote(carol, asked, pk, json=True).status_code == 409
    assert vote(carol, asked, 0, json=True).status_code == 404


def test_numbers_make_a_ranking_and_a_gap_is_refused(carol, cast):
    sample = make_ranking(cast.project, "Name a colour.", ["Red.", "Blue?", "x", "Green"])
    asked = opened(cast, name="Order", kind="rank")
    pk = first_id(carol, asked)
    assert vote(carol, asked, pk, say="ranked", rank_1="1", rank_2="2").status_code == 422
    assert vote(carol, asked, pk, say="ranked", rank_1="2", rank_2="1", rank_3="5", rank_4="2").status_code == 302
    said = Judgement.objects.get(comparison=pk)
    at = said.shown
    assert said.ranking == [[at[1]], [at[0], at[3]], [at[2]]]
    made = PreferencePair.objects.filter(sample=sample).values_list("chosen", "rejected")
    assert set(made) == {(at[1], at[0]), (at[1], at[3]), (at[1], at[2]), (at[0], at[2]), (at[3], at[2])}


def test_good_and_bad_become_feedback(carol, cast):
    make_samples(cast.project, [("Ask", "Answer")], state=Sample.State.APPROVED)
    asked = opened(cast, name="Rate", kind="rate", chosen={"samples": "outputs"})
    vote(carol, asked, first_id(carol, asked), say="bad")
    assert Feedback.objects.get().good is False


def test_a_look_is_recorded_and_shows_the_names(client, cast, asked):
    client.force_login(cast.bob)
    pk = first_id(client, asked)
    assert CANARY not in client.get(page_of(asked)).content.decode()
    client.post(page_of(asked, "/look"), {"comparison": pk})
    assert CANARY in client.get(page_of(asked, f"?first={pk}")).content.decode()
    vote(client, asked, pk)
    assert Judgement.objects.get(comparison=pk).unblinded


def test_a_round_is_opened_by_the_form_and_closed_again(client, cast, asked):
    client.force_login(cast.bob)
    form = {"name": "More", "kind": "choose", "overlap": "2", "rationale": "none", f"person_{cast.carol.pk}": "on",
            f"share_{cast.carol.pk}": "50", f"only_{cast.carol.pk}": "en"}  # fmt: skip
    looked = client.post("/p/poems/compare/new", form | {"do": "look"})
    assert (looked.status_code, looked.context["made"]) == (200, 3)
    assert client.post("/p/poems/compare/new", form | {"do": "open"})["Location"] == "/p/poems/compare"
    made = Round.objects.get(name="More")
    assert made.dealt == [{"person": cast.carol.pk, "share": 50, "language": "en"}]
    assert Comparison.objects.filter(round=made).count() == 3
    taken = client.post("/p/poems/compare/new", form | {"do": "open", "overlap": "1"})
    assert (taken.status_code, "There is a round of this name already." in taken.content.decode()) == (422, True)
    client.post(page_of(made, "/state"), {"do": "close"})
    made.refresh_from_db()
    assert made.state == "closed"
    assert "This round is closed" in client.get(page_of(made)).content.decode()
    assert "Open again" in client.get("/p/poems/compare").content.decode()


def test_what_waits_is_counted_in_the_top_bar_and_offered_at_home(carol, asked):
    home = carol.get("/p/poems/").content.decode()
    assert "Compare answers 3 times" in home
    assert f"/p/poems/compare/{asked.pk}" in home
    assert 'compare">Compare <small>3</small>' in home
