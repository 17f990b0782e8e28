"""Projects, their settings, and the people in them."""

import re

import pytest
from django.test import Client

from generation.actions.people import LastOwnerError, remove_member, save_person, set_role
from generation.actions.projects import create_project
from generation.models import AuditEntry, Membership, OneTimeLink, Person, Project, Role
from generation.templatetags.people_words import DEEDS
from tests.cast import NOW, Cast, make_cast
from tests.house import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def browser_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_whoever_makes_a_project_owns_it(cast):
    answer = browser_of(cast.dave).post("/new", {"name": "Summer Rain", "language": "en"})
    assert answer["Location"] == "/p/summer-rain/"
    assert Membership.objects.get(project__slug="summer-rain").role == Role.OWNER
    assert Project.objects.get(slug="summer-rain").pools.count() == 1


def test_addresses_are_unique_and_latin(cast):
    slugs = [create_project(name=name, language="zh", by=None, now=NOW).slug for name in ("儿科", "儿科", "Poems")]
    assert slugs == ["project", "project-2", "poems-2"]


def test_people_see_their_own_projects_only(cast):
    page = browser_of(cast.bob).get("/").content.decode()
    assert "Poems" in page
    assert "Secrets" not in page


def test_a_person_without_projects_is_told_what_to_do(cast):
    cast.mallory.memberships.all().delete()
    assert "No project yet" in browser_of(cast.mallory).get("/").content.decode()


def test_only_owners_change_settings(cast):
    values = {"name": "Verses", "language": "zh", "guidelines": "Be kind.", "reject_reasons": "dull\n\n too long "}
    assert browser_of(cast.bob).post("/p/poems/settings", values).status_code == 403
    assert browser_of(cast.mallory).post("/p/poems/settings", values).status_code == 404
    assert browser_of(cast.alice).post("/p/poems/settings", values).status_code == 302
    project = Project.objects.get(slug="poems")
    assert (project.name, project.reject_reasons) == ("Verses", ["dull", "too long"])


def test_every_member_may_read_settings_and_people(cast):
    for address in ("/p/poems/settings", "/p/poems/people", "/p/poems/"):
        assert browser_of(cast.dave).get(address).status_code == 200, address


def test_an_invitation_link_is_shown_once(cast):
    alice = browser_of(cast.alice)
    link = alice.post("/p/poems/people/invite", {"role": "reviewer", "note": "Frank"}).context["new_link"]
    assert "/join/" in link
    assert link not in alice.get("/p/poems/people").content.decode()


def test_an_editor_neither_invites_nor_sees_invitations(cast):
    browser_of(cast.alice).post("/p/poems/people/invite", {"role": "reviewer", "note": "Frank"})
    bob = browser_of(cast.bob)
    assert bob.post("/p/poems/people/invite", {"role": "owner"}).status_code == 403
    assert "Frank" not in bob.get("/p/poems/people").content.decode()


def test_an_invitation_of_another_project_is_not_found(cast):
    browser_of(cast.alice).post("/p/poems/people/invite", {"role": "reviewer"})
    link = OneTimeLink.objects.get()
    answer = browser_of(cast.mallory).post(f"/p/secrets/people/invitations/{link.pk}/withdraw")
    assert answer.status_code == 404


def test_an_owner_gives_roles(cast):
    browser_of(cast.alice).post(f"/p/poems/people/{cast.dave.pk}", {"role": "editor"})
    assert cast.seat("dave").role == Role.EDITOR
    assert AuditEntry.objects.filter(action="member.role", subject="dave").exists()


def test_the_last_owner_keeps_the_role(cast):
    with pytest.raises(LastOwnerError):
        set_role(cast.project, person=cast.alice, role=Role.EDITOR, by=cast.alice, now=NOW)
    with pytest.raises(LastOwnerError):
        remove_member(cast.project, person=cast.alice, by=cast.alice, now=NOW)
    answer = browser_of(cast.alice).post(f"/p/poems/people/{cast.alice.pk}", {"remove": "1"}, follow=True)
    assert "needs an owner" in answer.content.decode()


def test_an_owner_may_leave_when_there_is_another(cast):
    set_role(cast.project, person=cast.bob, role=Role.OWNER, by=cast.alice, now=NOW)
    answer = browser_of(cast.alice).post(f"/p/poems/people/{cast.alice.pk}", {"remove": "1"})
    assert answer["Location"] == "/"
    assert browser_of(cast.alice).get("/p/poems/").status_code == 404


def test_a_role_that_is_none_is_refused(cast):
    assert browser_of(cast.alice).post(f"/p/poems/people/{cast.bob.pk}", {"role": "king"}).status_code == 404


def test_the_last_administrator_stays_one(cast):
    Person.objects.filter(pk=cast.alice.pk).update(is_superuser=True)
    with pytest.raises(LastOwnerError):
        save_person(cast.alice, first_name="", last_name="", active=True, superuser=False, by=cast.alice, now=NOW)


@pytest.mark.parametrize(
    "address",
    [
        "/p/poems/people/invite",
        "/p/poems/settings",
        "/account/password",
        "/account/tokens",
        "/sign-out",
        "/language",
        "/new",
    ],
)
def test_every_form_needs_its_csrf_token(cast, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    answer = client.post(address, {"name": "x", "role": "owner"})
    assert answer.status_code == 403
    assert "Nothing was saved" in answer.content.decode()


def test_every_deed_of_the_trail_has_words():
    sources = "".join(
        path.read_text() for app in ("generation", "review") for path in (ROOT / app / "actions").glob("*.py")
    )
    named = set(re.findall(r'(?:audit|_note)\(\s*"(\w+\.\w+)"', sources))
    assert len(named) > 10
    assert named <= set(DEEDS)
