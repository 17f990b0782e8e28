"""When the network, the server or the sign-in goes away, decisions wait, loudly, and arrive once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from generation.models import Sample
from review.models import Decision
from tests.cast import Cast, make_cast, make_samples
from tests.journeys.review_desk import Desk, said

pytestmark = pytest.mark.django_db(transaction=True)
DECIDE = "**/review/decide*"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def rows(cast: Cast) -> list[Sample]:
    return make_samples(cast.project, 6)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, cast: Cast, rows: list[Sample]) -> Iterator[Desk]:
    desk = Desk(browser, live_server.url, cast.carol)
    yield desk
    desk.close()


def test_offline_decisions_wait_under_a_red_bar_and_are_sent_once_the_line_is_back(desk: Desk, cast: Cast) -> None:
    desk.context.set_offline(True)
    desk.press("Enter", "x")
    bar = desk.page.locator("#loud")
    expect(bar).to_contain_text("NOT SAVED YET: 2")
    assert said(cast.carol) == []
    desk.context.set_offline(False)
    desk.saved()
    expect(bar).to_be_hidden()
    assert said(cast.carol) == [("approve", ""), ("reject", "")]


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key(desk: Desk, cast: Cast, rows: list[Sample]) -> None:
    lost: list[str] = []

    def lose_first(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().text())
        return route.abort()

    desk.page.route(DECIDE, lose_first)
    desk.press("Enter")
    desk.saved()
    assert lost
    assert said(cast.carol) == [("approve", "")]
    assert desk.card == rows[1].pk


def test_what_an_earlier_page_left_unsent_is_sent_by_the_next_one(desk: Desk, cast: Cast, rows: list[Sample]) -> None:
    desk.page.route(DECIDE, lambda route: route.abort())
    desk.press("2")
    expect(desk.page.locator("#loud")).to_contain_text("NOT SAVED YET: 1")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.unroute(DECIDE)
    desk.open()
    desk.saved()
    assert said(cast.carol) == [("reject", "off_task")]
    assert desk.card == rows[1].pk


def test_a_server_in_trouble_is_no_silent_loss(desk: Desk, cast: Cast) -> None:
    desk.page.route(DECIDE, lambda route: route.fulfill(status=503, body="down"))
    desk.press("Enter")
    expect(desk.page.locator("#loud")).to_contain_text("NOT SAVED YET: 1")
    desk.page.unroute(DECIDE)
    desk.saved()
    assert said(cast.carol) == [("approve", "")]


def test_after_signing_in_again_elsewhere_the_waiting_decisions_go_out_by_themselves(desk: Desk, cast: Cast) -> None:
    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    desk.press("Enter")
    expect(desk.page.locator("#loud")).to_contain_text("signed out")
    desk.context.add_cookies(cookies)
    desk.saved()
    assert said(cast.carol) == [("approve", "")]


def test_at_twenty_unsent_the_page_takes_no_more(desk: Desk, cast: Cast) -> None:
    desk.page.route(DECIDE, lambda route: route.abort())
    for _ in range(21):
        desk.page.keyboard.press("f")
    expect(desk.page.locator("#loud")).to_contain_text("The page takes no more")
    desk.page.unroute(DECIDE)
    desk.saved()
    assert Decision.objects.count() == 20


def test_signing_out_clears_the_outbox(desk: Desk, cast: Cast, rows: list[Sample]) -> None:
    desk.page.route(DECIDE, lambda route: route.abort())
    desk.press("Enter")
    expect(desk.page.locator("#loud")).to_contain_text("NOT SAVED YET: 1")
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    desk.page.wait_for_url("**/sign-in*")
    names = desk.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert names == []
    assert not Decision.objects.exists()


def test_without_scripts_every_decision_is_a_form(browser: Browser, live_server: LiveServer, cast: Cast) -> None:
    rows = make_samples(cast.project, 4)
    desk = Desk(browser, live_server.url, cast.erin, java_script_enabled=False)
    page = desk.page
    page.get_by_role("button", name="Approve", exact=False).first.click()
    page.get_by_role("button", name="Poor language").click()
    page.get_by_role("button", name="Skip").click()
    page.get_by_role("link", name="Edit").click()
    page.locator("[data-card]:not([hidden]) textarea[name=output]").fill("A better answer.")
    page.get_by_role("button", name="Save and approve").click()
    assert [action for action, _ in said(cast.erin)] == ["approve", "reject", "skip", "approve"]
    assert Sample.objects.get(pk=rows[3].pk).output == "A better answer."
    page.get_by_role("button", name="undo").click()
    assert Sample.objects.get(pk=rows[3].pk).output == rows[3].output
    desk.close()
