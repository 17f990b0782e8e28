"""Every address x everybody: only what the table in docs/reference/access.md allows.

An address that is not in the table fails, and so does a line whose address is gone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.test import Client

from tests.addresses import Address, addresses, admin_addresses
from tests.bodies import body_for
from tests.cast import make_cast, new_key
from tests.house import ROOT
from tests.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TABLE = ROOT / "docs" / "reference" / "access.md"
MEMBERS = {"viewer": "dave", "reviewer": "carol", "editor": "bob", "owner": "alice"}
PEOPLE = {"anonymous": None, "outsider": "mallory", **MEMBERS}
WRITING = ("POST", "PUT", "PATCH", "DELETE")
LINE = re.compile(r"^\| `(?P<address>/[^`]*)` \| (?P<method>[A-Z]+) \| (?P<answers>.+) \|$", re.MULTILINE)
OF_A_PROJECT = ("slug", "slot", "language", "recipe", "link")
"""Parameters that name no row of one project."""


@dataclass
class House:
    """The cast, and one row of everything in both projects."""

    people: dict
    own: World
    foreign: World
    lax: Client = field(default_factory=Client)
    strict: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    """Two clients for everybody, because building one loads every middleware."""

    def ask(self, address, method, who, *, csrf_checks=False, arguments=None):
        """The answer, with whatever it wrote undone."""
        client = self.strict if csrf_checks else self.lax
        client.cookies.clear()
        person = self.people[who] if who else None
        arguments = arguments or self.own.arguments
        with transaction.atomic():
            if person is not None:
                client.force_login(person)
            given = body_for(address, method, arguments)
            answer = client.generic(method, address.url(arguments), headers={"Idempotency-Key": new_key()}, **given)
            if hasattr(answer, "streaming_content"):
                list(answer.streaming_content)
            transaction.set_rollback(True)
        return answer


@pytest.fixture
def house(settings, tmp_path):
    settings.EXPORT_ROOT, settings.IMPORT_ROOT = tmp_path / "exports", tmp_path / "imports"
    cast = make_cast()
    people = {name: getattr(cast, name) for name in PEOPLE.values() if name}
    own = make_world(cast.project, owner=cast.alice)
    foreign = make_world(cast.other_project, owner=cast.mallory)
    return House(people, own, foreign)


def verdict(answer) -> str:
    """One word for an answer: what the table says of it."""
    if answer.status_code == 302 and answer["Location"].startswith(("/sign-in", "/admin/login")):
        return "sign in"
    if answer.status_code in (401, 403, 404, 405) or answer.status_code >= 500:
        return str(answer.status_code)
    return "yes"


def table() -> dict[tuple[str, str], list[str]]:
    """(address, method) -> the answers of the six kinds of people, as the document has them."""
    lines = LINE.finditer(TABLE.read_text(encoding="utf-8"))
    return {(line["address"], line["method"]): line["answers"].split(" | ") for line in lines}


def test_everybody_is_answered_as_the_table_says(house):
    known = {each.shown: each for each in addresses()}
    faults = []
    for (shown, method), expected in table().items():
        if shown not in known:
            faults.append(f"{shown} is in the table and nowhere else")
            continue
        for (kind, who), answer in zip(PEOPLE.items(), expected, strict=True):
            seen = verdict(house.ask(known[shown], method, who))
            if seen != answer:
                faults.append(f"{method} {shown}: {kind} gets {seen}, the table says {answer}")
    assert faults == []


def test_every_address_and_method_is_in_the_table(house):
    lines = table()
    faults = []
    for address in addresses():
        for method in address.methods or ("GET", "POST"):
            answered = address.is_api or verdict(house.ask(address, method, "alice")) != "405"
            if answered and (address.shown, method) not in lines:
                faults.append(f"{method} {address.shown}")
    assert faults == []


def test_everything_that_writes_refuses_without_its_csrf_token(house):
    known = {each.shown: each for each in addresses()}
    faults = []
    for (shown, method), answers in table().items():
        if method not in WRITING or shown not in known:
            continue
        who = "alice" if answers[-1] == "yes" else None
        answer = house.ask(known[shown], method, who, csrf_checks=True)
        if answer.status_code != 403:
            faults.append(f"{method} {shown}: {answer.status_code}")
        elif known[shown].is_api and json.loads(answer.content)["code"] != "csrf":
            faults.append(f"{method} {shown}: {answer.content!r}")
    assert faults == []


def test_rows_of_another_project_are_not_found_under_ones_own_address(house):
    faults, asked = [], 0
    for shown, method in table():
        address = next((each for each in addresses() if each.shown == shown), None)
        foreign = [name for name in address.parameters if name not in OF_A_PROJECT] if address else []
        if not address or not foreign:
            continue
        arguments = house.own.arguments | {name: house.foreign.arguments[name] for name in foreign}
        asked += 1
        seen = verdict(house.ask(address, method, "alice", arguments=arguments))
        if seen != "404":
            faults.append(f"{method} {shown} with another project's {', '.join(foreign)}: {seen}")
    assert faults == []
    assert asked > 20


def test_the_admin_site_lets_in_superusers_only(house):
    arguments = {"object_id": 1, "app_label": "generation", "content_type_id": 1, "url": "x", "path": "x"}
    arguments |= {name: 1 for each in admin_addresses() for name in each.parameters if name not in arguments}
    faults, asked = [], 0
    for address in admin_addresses():
        if address.name in ("login", "logout", "jsi18n") or "(?P" in address.route:
            continue
        for who in (None, "alice"):
            asked += 1
            seen = verdict(house.ask(Address(address.route, address.name), "GET", who, arguments=arguments))
            if seen not in ("sign in", "403", "404"):
                faults.append(f"{address.shown}: {who or 'anonymous'} gets {seen}")
    assert faults == []
    assert asked > 20
