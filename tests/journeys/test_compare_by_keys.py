"""Comparing in a real browser: the difference, ranking by drag, what is refused, what travels, what is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from generation.models import Sample
from review.actions.comparing import Said, judge
from review.actions.rounds import RoundWish, open_round
from review.models import Comparison, Judgement
from tests.cast import Cast, make_cast, make_samples, new_key
from tests.journeys.review_desk import Desk
from tests.pairs import make_pair, make_ranking

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "\n\n".join(f"Line {n} of the answer, which is the same on both sides." for n in range(60))


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def sit(browser: Browser, live_server: LiveServer, cast: Cast) -> Iterator[Callable[..., Desk]]:
    """Carol at a round that was opened as wished for."""
    desks = []

    def at(*, straight: bool = True, **wish: object) -> Desk:
        asked = open_round(cast.seat("alice"), wish=RoundWish(name="Round", **wish), now=timezone.now())
        desk = Desk(browser, live_server.url, cast.carol)
        desks.append(desk)
        desk.open(f"compare/{asked.pk}?straight={int(straight)}")
        return desk

    yield at
    for desk in desks:
        desk.close()


def pairs(cast: Cast, count: int = 3) -> None:
    for number in range(count):
        make_pair(
            cast.project, f"Question {number}?", f"Good **answer** {number}.", f"Bad answer {number}.", state="ready"
        )


def votes(cast: Cast) -> list[tuple[str, bool]]:
    rows = Judgement.objects.filter(person=cast.carol, action="vote", live=True).order_by("id")
    return list(rows.values_list("verdict", "much_better"))


def test_what_only_one_side_has_is_marked_and_long_answers_scroll_together(sit, cast: Cast) -> None:
    make_pair(cast.project, "Tell me.", LONG + "\n\nAnd a **new** end.", LONG, state="ready")
    desk = sit()
    longer = desk.page.locator("[data-place]", has=desk.page.locator("strong", has_text="new"))
    before = longer.locator(".main-text").inner_text()
    desk.press("d")
    assert "".join(desk.page.locator(".main-text mark.only").all_inner_texts()) == "And a new end."
    desk.press("d")
    expect(desk.page.locator("mark.only")).to_have_count(0)
    assert longer.locator(".main-text").inner_text() == before
    desk.page.locator(".middle").evaluate("pane => { pane.scrollTop = pane.scrollHeight; }")
    tops = "[...document.querySelectorAll('[data-scroller]')].map(pane => pane.scrollTop > 100)"
    desk.until(lambda: desk.page.evaluate(tops) == [True, True])


def test_a_vote_can_be_taken_back_after_the_names_were_shown_and_the_next_one_says_so(sit, cast: Cast) -> None:
    pairs(cast)
    desk = sit(straight=False)
    first = desk.card
    desk.press("Shift+Digit2")
    expect(desk.page.locator("[data-reveal]")).to_contain_text("Right much better")
    desk.press("u")
    expect(desk.page.locator("[data-card]:not([data-done]):not([hidden])")).to_have_count(1)
    assert desk.card == first
    desk.press("1")
    expect(desk.page.locator("[data-reveal]")).to_contain_text("not blind")
    desk.press("Enter")
    assert desk.card != first
    desk.saved()
    assert votes(cast) == [("left", False)]


def test_criteria_and_the_reason_go_with_the_vote_and_a_reason_that_is_asked_for_is_not_passed_over(sit, cast) -> None:
    pairs(cast)
    desk = sit(criteria=("correct", "tone"), rationale="required")
    first = desk.card
    desk.press("2")
    assert desk.card == first
    desk.page.keyboard.type("Says why.")
    desk.page.keyboard.press("Enter")
    desk.press("c", "1", "0", "2")
    desk.saved()
    said = Judgement.objects.get(person=cast.carol)
    assert (said.verdict, said.note, said.criteria) == ("right", "Says why.", {"correct": "left", "tone": "tie"})


def test_answers_are_ranked_by_drag_and_what_is_shown_is_what_is_sent(sit, cast: Cast) -> None:
    make_ranking(cast.project, "Name a colour.", ["Red.", "Blue.", "Green."])
    desk = sit(kind="rank")
    desk.press("3", "1", "2")
    chips = desk.page.locator("[data-ranked] [data-chip]")
    chips.filter(has_text="2").drag_to(desk.page.locator("[data-ranked] [data-onto='0']"))
    expect(desk.page.locator("[data-ranked]")).to_have_text("2 = 3›1")
    desk.press("Enter")
    desk.saved()
    said = Judgement.objects.get(person=cast.carol)
    assert said.ranking == [[said.shown[1], said.shown[2]], [said.shown[0]]]


def test_votes_wait_for_the_server_and_what_comes_too_late_keeps_the_persons_words(sit, cast: Cast) -> None:
    pairs(cast)
    desk = sit()
    first = desk.card
    desk.page.route("**/judge*", lambda route: route.abort())
    desk.press("e", "1")
    desk.page.keyboard.type(" In my words.")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator("#loud")).to_contain_text("NOT SAVED YET: 1")
    assert desk.card != first
    judge(
        cast.seat("erin"), comparison_id=first, said=Said(verdict="tie"), key=new_key(), version=1, now=timezone.now()
    )
    desk.page.unroute("**/judge*")
    panel = desk.page.locator(".conflict")
    expect(panel).to_contain_text("others were faster", timeout=20_000)
    assert panel.locator("textarea").input_value().endswith(" In my words.")
    assert Comparison.objects.get(pk=first).votes == 1


def test_what_another_page_left_unsent_goes_out_here_and_brings_no_card_of_it(sit, cast: Cast) -> None:
    pairs(cast)
    rows = make_samples(cast.project, 3)
    desk = sit()
    desk.open("review")
    desk.page.route("**/review/decide*", lambda route: route.abort())
    desk.press("Enter")
    expect(desk.page.locator("#loud")).to_be_visible()
    desk.page.unroute("**/review/decide*")
    desk.open(f"compare/{Comparison.objects.first().round_id}")
    desk.saved()
    assert Sample.objects.get(pk=rows[0].pk).state == "approved"
    assert desk.page.locator("[data-card]").count() == 2
    desk.press("1")
    desk.saved()
    assert len(votes(cast)) == 1


def test_the_end_of_a_round_says_what_is_true_then_and_the_bar_has_moved(sit, cast: Cast) -> None:
    pairs(cast, 2)
    desk = sit(overlap=2)
    for _ in range(2):
        before = desk.page.locator("[data-card]:not([hidden])").get_attribute("data-card")
        desk.page.keyboard.press("1")
        expect(desk.page.locator(f"[data-card='{before}']")).to_have_count(0)
    expect(desk.page.locator("[data-empty] h2")).to_have_text("Nothing left for you here")
    expect(desk.page.locator("[data-empty]")).to_contain_text("2 comparisons")
    assert desk.page.locator(".yours progress").evaluate("bar => bar.value === bar.max")
