"""The watch over hostile texts can fail: on a page that does everything wrong it sees every kind of harm."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser

from tests.hostile.watch import Watch, watched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
UNDEFENDED = (
    ("<img src=x onerror=fired()>", "fired 1 times"),
    ("<script>fired()</script>", "fired 1 times"),
    ("<svg onload=fired()>", "fired 1 times"),
    ("<iframe srcdoc='<script>parent.fired()</script>'></iframe>", "fired 1 times"),
    ("<iframe src=https://beacon.example/frame></iframe>", "request: GET https://beacon.example/frame"),
    ("<script>alert(1)</script>", "dialog: 1"),
    ("<script>throw Error('x')</script>", "script error"),
    ("<script>console.error('x')</script>", "console: x"),
    ("<img src=https://beacon.example/x.png>", "request: GET https://beacon.example/x.png"),
    ("<img src=/fired.png>", "/fired.png"),
    ("<div hx-get=/fired hx-trigger=load>x</div>", "/fired"),
    ("<div data-hx-post=/fired data-hx-trigger=load>x</div>", "request: POST"),
)
BEHIND_THE_POLICY = (
    ("<img src=x onerror=fired()>", "CSP report: script-src"),
    ("<script>fired()</script>", "CSP report: script-src"),
    ("<script src=https://beacon.example/x.js></script>", "CSP report: script-src"),
    ("<p style='color:red'>x</p>", "CSP report: style-src"),
    ("<form action=https://beacon.example><button>x</button></form>", "form:"),
    ("<img src=https://beacon.example/x.png>", "CSP report: img-src"),
    ("<base href=https://beacon.example/>", "CSP report: base-uri"),
    ("<iframe src=/sign-out></iframe>", "forbidden element"),
    ("<a href='javascript:fired()'>x</a>", "link that is no full address"),
    ("<a href='/sign-out'>x</a>", "link that is no full address"),
    ("<a href='https://e.example'>x</a>", "link without its rel"),
    ("<p hx-disable><i hx-get=/x>x</i></p>", "htmx inside the fence"),
    ("<p hx-disable><i id=main>x</i></p>", "attribute id"),
    ("<p class='btn solid'>x</p>", "a class of ours"),
    ("<meta http-equiv=refresh content='9;url=https://beacon.example'>", "forbidden element"),
    # The policy does not stop htmx: the sanitiser and hx-disable are the control, the policy is only the net.
    ("<div data-hx-post=/fired data-hx-trigger=load>x</div>", "request: POST"),
)


@pytest.fixture
def watch(browser: Browser, live_server, settings):
    settings.ROOT_URLCONF = "tests.hostile.unsafe"
    with watched(browser, live_server.url) as watch:
        yield watch


def unseen(watch: Watch, address: str, texts: tuple[tuple[str, str], ...]) -> list[str]:
    """The texts whose harm the watch did not see on a page that does not make them harmless."""
    missed = []
    for text, expected in texts:
        watch.faults.clear()
        watch.visit(f"/{address}?text={quote(text, safe='')}")
        missed += [] if expected in "\n".join(watch.faults) else [text]
    return missed


def test_harm_is_seen_where_nothing_stands_in_its_way(watch):
    assert unseen(watch, "defenceless", UNDEFENDED) == []


def test_harm_is_seen_where_only_the_policy_stands_in_its_way(watch):
    assert unseen(watch, "unsafe", BEHIND_THE_POLICY) == []


def test_the_page_around_it_is_clean(watch):
    watch.visit("/unsafe?text=plain")
    assert watch.faults == []
