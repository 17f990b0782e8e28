"""Signing in and out, the account page, languages."""

import pytest
from django.core.cache import cache
from django.test import Client

from fdc_project.web import attempts
from generation.models import ApiToken, Person
from generation.models.people import token_hash
from tests.cast import NOW, PASSWORD, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def alice(cast) -> Client:
    client = Client()
    client.force_login(cast.alice)
    return client


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", {"username": name, "password": password, **more})


def test_the_right_password_opens_the_projects(cast):
    answer = sign_in(Client(), "alice")
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_wanted_page_comes_after_signing_in(cast):
    assert sign_in(Client(), "alice", next="/p/poems/people")["Location"] == "/p/poems/people"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_nobody_is_led_elsewhere_after_signing_in(cast, elsewhere):
    assert sign_in(Client(), "alice", next=elsewhere)["Location"] == "/"


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(cast):
    client = Client()
    wrong, unknown = sign_in(client, "alice", "wrong"), sign_in(client, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_ten_failures_shut_the_door_even_for_the_right_password(cast):
    client = Client()
    for _ in range(attempts.PER_NAME_AND_ADDRESS):
        sign_in(client, "alice", "wrong")
    assert sign_in(client, "alice").status_code == 429
    assert sign_in(client, "bob").status_code == 302


def test_the_door_stays_open_for_the_same_name_elsewhere(cast):
    for _ in range(attempts.PER_NAME_AND_ADDRESS):
        sign_in(Client(REMOTE_ADDR="192.0.2.1"), "alice", "wrong")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.2"), "alice").status_code == 302


def test_many_names_from_one_address_shut_it_out(cast):
    client = Client(REMOTE_ADDR="192.0.2.1")
    for number in range(attempts.PER_ADDRESS):
        attempts.count_failure(f"name{number}", "192.0.2.1")
    assert sign_in(client, "alice").status_code == 429


def test_the_session_key_changes_at_sign_in(cast):
    client = Client()
    client.get("/sign-in")
    before = client.session.session_key
    sign_in(client, "alice")
    assert client.session.session_key != before


def test_signing_out_needs_a_post_and_clears_the_browser(alice):
    assert alice.get("/sign-out").status_code == 405
    assert alice.post("/sign-out")["Clear-Site-Data"] == '"cache", "storage"'
    assert alice.get("/")["Location"].startswith("/sign-in")


def test_an_inactive_person_is_out_at_once(alice):
    Person.objects.filter(username="alice").update(is_active=False)
    assert alice.get("/")["Location"].startswith("/sign-in")


def test_a_part_that_asks_after_the_session_ended_moves_the_whole_page():
    answer = Client().get("/sign-in?next=/p/poems/", headers={"HX-Request": "true", "HX-Current-URL": "/p/poems/"})
    assert answer["HX-Redirect"] == "/sign-in?next=/p/poems/"


def test_a_new_password_signs_other_browsers_out(alice, cast):
    other = Client()
    other.force_login(cast.alice)
    new = "an even longer passphrase"
    answer = alice.post("/account/password", {"current": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 302
    assert alice.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_the_current_password_must_be_known(alice):
    answer = alice.post("/account/password", {"current": "x", "password": "abcdefghijkl", "again": "abcdefghijkl"})
    assert answer.status_code == 422
    assert Person.objects.get(username="alice").check_password(PASSWORD)


def test_the_language_is_kept_with_the_person_and_the_browser(alice):
    answer = alice.post("/language", {"language": "zh-hans", "next": "/account"})
    assert answer["Location"] == "/account"
    assert Person.objects.get(username="alice").language == "zh-hans"
    assert 'lang="zh-Hans"' in alice.get("/account").content.decode()


def test_a_language_that_is_none_of_ours_changes_nothing(alice):
    alice.post("/language", {"language": "xx"})
    assert Person.objects.get(username="alice").language == ""


def test_the_browser_s_language_is_taken_before_anybody_chose(cast):
    page = Client(headers={"Accept-Language": "zh-CN,zh;q=0.9"}).get("/sign-in").content.decode()
    assert 'lang="zh-Hans"' in page


def test_keys_are_kept_and_reach_the_page(alice):
    alice.post("/account/keys", {"approve": "b", "reject": ""})
    assert Person.objects.get(username="alice").keys == {"approve": "b"}
    assert "&quot;approve&quot;: &quot;b&quot;" in alice.get("/account").content.decode()


def test_a_key_for_two_actions_is_refused(alice):
    assert alice.post("/account/keys", {"approve": "x"}).status_code == 422
    assert Person.objects.get(username="alice").keys == {}


def test_the_theme_reaches_the_page(alice):
    alice.post("/account/theme", {"theme": "dark"})
    assert 'data-theme="dark"' in alice.get("/account").content.decode()


def test_a_token_is_shown_once_and_kept_as_a_hash(alice):
    answer = alice.post("/account/tokens", {"name": "nightly", "days": "90"})
    text = answer.context["new_token"]
    assert text in answer.content.decode()
    assert ApiToken.objects.get().token_hash == token_hash(text)
    assert text not in alice.get("/account").content.decode()


def test_a_revoked_token_is_not_usable(alice):
    alice.post("/account/tokens", {"name": "nightly", "days": "0"})
    token = ApiToken.objects.usable(NOW).get()
    alice.post(f"/account/tokens/{token.pk}/revoke")
    assert not ApiToken.objects.usable(NOW).exists()


def test_nobody_revokes_another_s_token(alice, cast):
    token = ApiToken.objects.create(person=cast.bob, name="x", prefix="x", token_hash="x", created_at=NOW)
    assert alice.post(f"/account/tokens/{token.pk}/revoke").status_code == 404
    assert ApiToken.objects.usable(NOW).exists()


def test_health_needs_nobody():
    assert Client().get("/health").content == b"ok"
