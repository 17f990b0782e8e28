"""The frame of every page, in a browser: keys, loud failures, and elements that nobody trusts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, Route, expect

from generation.actions.people import set_keys
from generation.actions.projects import create_project
from generation.models import Person
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def visit(cast, live_server, page) -> Callable[..., Page]:
    """Opens an address as somebody who is signed in."""

    def visit(address: str, *, person: Person = cast.alice) -> Page:
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        page.context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": live_server.url}])
        page.goto(live_server.url + address)
        return page

    return visit


def add(page: Page, html: str, *, into: str = ".page") -> None:
    """Puts an element into the page, as a swapped part would."""
    page.evaluate(
        "([html, into]) => { const place = document.querySelector(into);"
        " place.insertAdjacentHTML('beforeend', html); window.htmx.process(place); }",
        [html, into],
    )


def test_a_key_presses_its_button(visit):
    page = visit("/")
    page.keyboard.press("n")
    page.wait_for_url("**/new")


def test_keys_rest_while_somebody_types(visit):
    page = visit("/p/poems/people")
    page.fill("#id_note", "")
    page.locator("#id_note").press_sequentially("seek / and ?")
    assert page.input_value("#id_note") == "seek / and ?"
    assert not page.locator("#keys").is_visible()


def test_keys_rest_while_a_word_is_composed(visit):
    page = visit("/")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key:'n', isComposing:true, bubbles:true}))"
    )
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key:'n', keyCode:229, bubbles:true}))")
    page.wait_for_timeout(100)
    assert page.url.endswith("/")


def test_keys_rest_while_a_link_has_the_focus(visit):
    page = visit("/")
    page.focus("a.mark")
    page.keyboard.press("n")
    page.wait_for_timeout(100)
    assert not page.url.endswith("/new")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/new")


def test_digits_go_by_their_place_not_by_the_layout(visit):
    page = visit("/p/poems/people")
    add(page, '<button type="button" data-key="1" id="one">one <kbd>1</kbd></button>')
    page.evaluate("document.querySelector('#one').onclick = () => { window.pressed = true }")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key:'&', code:'Digit1', bubbles:true}))")
    assert page.evaluate("window.pressed")


def test_the_question_mark_lists_the_page_s_keys(visit):
    page = visit("/")
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("New project")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_person_s_own_key_replaces_the_shipped_one(visit, cast):
    set_keys(cast.bob, keys={"search": "b"})
    page = visit("/p/poems/people", person=Person.objects.get(pk=cast.bob.pk))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") is None
    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.name") == "q"


def test_lists_are_walked_by_key(visit, cast):
    create_project(name="Odes", language="en", by=cast.alice, now=NOW)
    page = visit("/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/odes/")


def refuse(route: Route) -> None:
    route.fulfill(status=500, body="broken")


def test_a_failed_save_is_loud(visit):
    page = visit("/")
    page.route("**/somewhere", refuse)
    add(page, '<button hx-post="/somewhere" id="save">save</button>')
    page.click("#save")
    expect(page.locator("#loud")).to_contain_text("NOT SAVED")


def test_no_answer_at_all_is_loud(visit):
    page = visit("/")
    page.route("**/somewhere", lambda route: route.abort())
    add(page, '<button hx-post="/somewhere" id="save">save</button>')
    page.click("#save")
    expect(page.locator("#loud")).to_contain_text("NOT SAVED")


def test_a_422_is_shown_in_its_place(visit):
    page = visit("/")
    page.route("**/somewhere", lambda route: route.fulfill(status=422, body="<b id=why>too long</b>"))
    add(page, '<form hx-post="/somewhere" hx-target="#place"><button id="save">save</button></form><p id="place"></p>')
    page.click("#save")
    expect(page.locator("#why")).to_have_text("too long")
    expect(page.locator("#loud")).to_be_hidden()


def test_our_elements_carry_the_token_and_others_ask_for_nothing(visit):
    page = visit("/")
    asked: list[str | None] = []
    page.on(
        "request", lambda request: asked.append(request.headers.get("x-csrftoken")) if "/some" in request.url else None
    )
    page.route("**/some*", lambda route: route.fulfill(status=204))
    add(page, '<button hx-post="/somewhere" id="ours">ours</button>')
    add(page, '<div hx-disable><p data-hx-post="/some1" data-hx-trigger="load">x</p></div>')
    add(page, '<p hx-post="/some2" hx-trigger="load">x</p>', into="body")
    page.click("#ours")
    page.wait_for_timeout(300)
    assert len(asked) == 1
    assert asked[0]


def test_a_form_is_sent_once(visit):
    page = visit("/new")
    page.fill("#id_name", "Twice")
    page.evaluate("const b = document.querySelector('button.solid'); b.click(); b.click();")
    page.wait_for_url("**/p/twice/")
    assert page.evaluate("fetch('/').then(r => r.text()).then(t => t.split('>Twice<').length - 1)") <= 2


def test_a_menu_closes_on_escape_and_outside(visit):
    page = visit("/")
    page.click("details.switcher summary")
    expect(page.locator("details.switcher[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("details.switcher[open]")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_page_of_the_shell_is_wider_than_the_window(visit, cast, width):
    for address in ("/", "/new", "/account", "/help/", "/p/poems/", "/p/poems/people", "/p/poems/settings"):
        page = visit(address)
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_without_scripts_every_form_works(visit, cast, live_server, browser):
    cookies = visit("/").context.cookies()
    with browser.new_context(java_script_enabled=False) as context:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(f"{live_server.url}/p/poems/people")
        row = page.locator("tr", has_text="dave")
        row.locator("select").select_option("editor")
        row.get_by_role("button", name="Save").click()
        expect(page.locator(".banner.ok")).to_be_visible()
        page.goto(f"{live_server.url}/account")
        page.get_by_label("Dark").check()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.locator(".switcher summary").click()
        page.get_by_role("link", name="Poems").click()
        page.wait_for_url("**/p/poems/")
    assert cast.seat("dave").role == "editor"
