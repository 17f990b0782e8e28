"""The frame of every page: errors in words, counters, times, headers."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from generation.actions.projects import create_project
from generation.actions.tallies import count_moves
from generation.views.errors import server_error
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def browser_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_page_that_is_not_there_says_so(cast):
    page = browser_of(cast.bob).get("/p/secrets/")
    assert page.status_code == 404
    assert "Nothing was changed" in page.content.decode()
    assert 'class="nav"' not in page.content.decode()  # nobody learns that there is such a project


def test_a_role_that_does_not_reach_says_so(cast):
    page = browser_of(cast.dave).post("/p/poems/settings", {"name": "x"})
    assert page.status_code == 403
    assert "Your role does not allow this" in page.content.decode()
    for inside in (page, browser_of(cast.dave).get("/p/poems/runs/987654")):
        assert 'class="nav"' in inside.content.decode()  # the way back
        assert 'href="/p/poems/"' in inside.content.decode()


def test_a_fault_of_ours_asks_the_database_for_nothing(cast, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = cast.alice
    with django_assert_num_queries(0):
        page = server_error(request)
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()


def test_the_counters_stand_in_the_bar(cast):
    count_moves(cast.project.pk, kind="seed", moves={"active": 1234})
    count_moves(cast.project.pk, kind="sample", moves={"needs_review": 7, "approved": 2})
    page = " ".join(browser_of(cast.dave).get("/p/poems/people").content.decode().split())
    assert "Seeds <small>1,234</small>" in page
    assert "Review <small>7</small>" in page
    assert "Samples <small>9</small>" in page


def test_the_page_at_hand_is_marked(cast):
    page = browser_of(cast.dave).get("/p/poems/").content.decode()
    assert page.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    ("cookie", "name"), [("Asia/Shanghai", "Asia/Shanghai"), ("Asia%2FShanghai", "Asia/Shanghai"), ("../etc", "UTC")]
)
def test_times_are_the_reader_s_own(cast, cookie, name, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "generation.views.help.role_labels", lambda: seen.append(timezone.get_current_timezone_name()) or []
    )
    client = browser_of(cast.dave)
    client.cookies["fdc_timezone"] = cookie
    client.get("/help/")
    assert seen == [name]
    assert timezone.get_current_timezone_name() == "UTC"


def test_every_answer_carries_the_policy(cast):
    for address in ("/", "/nowhere", "/sign-in", "/admin/"):
        headers = browser_of(cast.alice).get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_names_that_try_to_trick_the_eye_or_the_browser_are_shown_as_they_are(cast):
    name = "<script>alert(1)</script>\u202eevil"
    create_project(name=name, language="en", by=cast.dave, now=NOW)
    project = cast.dave.memberships.last().project
    dave = browser_of(cast.dave)
    dave.post("/account/tokens", {"name": name, "days": "30"})
    dave.post(f"/p/{project.slug}/people/invite", {"role": "viewer", "note": name})
    for address in ("/", f"/p/{project.slug}/", f"/p/{project.slug}/people", f"/p/{project.slug}/settings", "/account"):
        page = dave.get(address).content.decode()
        assert "<script>alert" not in page
        body = re.sub(r"<(title|option|textarea)\b.*?</\1>|<input\b[^>]*>", "", page, flags=re.S)
        assert "\u202e" not in body, address
