"""One-time links let somebody in once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from generation.actions.links import (
    NameTakenError,
    SpentLinkError,
    first_link,
    invite,
    join,
    recovery_link,
    welcome,
    withdraw,
)
from generation.actions.projects import create_project
from generation.models import Membership, OneTimeLink, Person, Role
from tests.cast import NOW, PASSWORD, Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_the_first_person_administers_and_owns_the_demo():
    demo = create_project(name="Demo", language="en", by=None, now=NOW, is_demo=True)
    person = welcome(first_link(now=NOW), username="ada", password=PASSWORD, now=NOW)
    assert person.is_superuser
    assert person.check_password(PASSWORD)
    assert Membership.objects.get(project=demo).person == person


def test_there_is_no_first_link_once_somebody_can_sign_in(cast):
    assert first_link(now=NOW) is None


def test_a_new_first_link_ends_the_one_before():
    old = first_link(now=NOW)
    first_link(now=NOW)
    with pytest.raises(SpentLinkError):
        welcome(old, username="ada", password=PASSWORD, now=NOW)


def test_only_the_hash_of_a_token_is_kept():
    token = first_link(now=NOW)
    assert token not in str(OneTimeLink.objects.values_list())


def test_a_link_works_once():
    token = first_link(now=NOW)
    welcome(token, username="ada", password=PASSWORD, now=NOW)
    with pytest.raises(SpentLinkError):
        welcome(token, username="eve", password=PASSWORD, now=NOW)
    assert Person.objects.count() == 1


def test_a_link_runs_out(cast):
    token = invite(cast.project, role=Role.REVIEWER, by=cast.alice, now=NOW)
    with pytest.raises(SpentLinkError):
        join(token, username="frank", password=PASSWORD, now=NOW + timedelta(days=8))


def test_a_weak_password_does_not_spend_the_link():
    token = first_link(now=NOW)
    with pytest.raises(ValidationError):
        welcome(token, username="ada", password="short", now=NOW)
    assert welcome(token, username="ada", password=PASSWORD, now=NOW)


def test_a_taken_name_does_not_spend_the_link(cast):
    token = invite(cast.project, role=Role.REVIEWER, by=cast.alice, now=NOW)
    with pytest.raises(NameTakenError):
        join(token, username="ALICE", password=PASSWORD, now=NOW)
    assert join(token, username="frank", password=PASSWORD, now=NOW).username == "frank"


def test_an_invitation_gives_the_role(cast):
    token = invite(cast.project, role=Role.EDITOR, by=cast.alice, now=NOW)
    frank = join(token, username="frank", password=PASSWORD, now=NOW)
    assert Membership.objects.get(person=frank).role == Role.EDITOR
    assert not frank.is_superuser


def test_a_member_keeps_the_higher_role(cast):
    token = invite(cast.project, role=Role.VIEWER, by=cast.alice, now=NOW)
    join(token, person=cast.bob, now=NOW)
    assert Membership.objects.get(project=cast.project, person=cast.bob).role == Role.EDITOR


def test_a_withdrawn_invitation_lets_nobody_in(cast):
    token = invite(cast.project, role=Role.VIEWER, by=cast.alice, now=NOW)
    withdraw(OneTimeLink.objects.get(), by=cast.alice, now=NOW)
    with pytest.raises(SpentLinkError):
        join(token, person=cast.mallory, now=NOW)


def test_a_recovery_link_sets_a_password_and_is_no_invitation(cast):
    token = recovery_link(cast.dave, now=NOW)
    with pytest.raises(SpentLinkError):
        join(token, person=cast.mallory, now=NOW)
    welcome(token, username="", password="another long passphrase", now=NOW)
    assert Person.objects.get(username="dave").check_password("another long passphrase")


def test_looking_at_a_link_spends_nothing():
    client, token = Client(), first_link(now=NOW.replace(year=2100))
    for _ in range(2):
        assert client.get(f"/welcome/{token}").status_code == 200
    answer = client.post(f"/welcome/{token}", {"username": "ada", "password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert Client().get(f"/welcome/{token}").status_code == 410


def test_two_different_passwords_are_refused_beside_the_field():
    client, token = Client(), first_link(now=NOW.replace(year=2100))
    answer = client.post(f"/welcome/{token}", {"username": "ada", "password": PASSWORD, "again": "x"})
    assert answer.status_code == 422
    assert "again" in answer.context["form"].errors


def test_somebody_signed_in_joins_with_one_button(cast):
    token = invite(cast.project, role=Role.REVIEWER, by=cast.alice, now=NOW.replace(year=2100))
    client = Client()
    client.force_login(cast.mallory)
    assert b"mallory" in client.get(f"/join/{token}").content
    assert client.post(f"/join/{token}")["Location"] == "/p/poems/"
    assert client.get("/p/poems/").status_code == 200


def test_the_command_makes_a_link_for_a_lost_password(cast, capsys):
    call_command("make_link", "dave", address="https://fdc.example.org")
    link = capsys.readouterr().out.strip()
    assert link.startswith("https://fdc.example.org/welcome/")
    with pytest.raises(CommandError, match="called nobody"):
        call_command("make_link", "nobody")
