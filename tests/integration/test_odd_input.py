"""Whatever is sent to an address, it answers for itself: no odd number, letter, name or body brings down a view."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from tests.addresses import Address, addresses
from tests.bodies import body_for
from tests.cast import make_cast, new_key
from tests.faults.report import FULL
from tests.hostile.corpus import POLYGLOT, data
from tests.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ODD = [*data("odd")["odd"], "9" * 5000, POLYGLOT]
USUAL = ODD if FULL else ["a\0b", "\ud800", POLYGLOT]
QUERY = data("odd")["query"]
WORDS = data("odd")["words"]
FORM = [*QUERY, *data("odd")["form"]]
LAX = Client(raise_request_exception=False)
"""One for all requests, because building one loads every middleware."""


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.EXPORT_ROOT, settings.IMPORT_ROOT = tmp_path / "exports", tmp_path / "imports"
    cast = make_cast()
    return make_world(cast.project, owner=cast.alice)


def ask(world: World, method: str, url: str, **more: Any) -> int:
    """The status of an answer; whatever it wrote is undone."""
    with transaction.atomic():
        LAX.cookies.clear()
        LAX.force_login(world.project.memberships.get(role="owner").person)
        answer = LAX.generic(method, url, headers={"Idempotency-Key": new_key()}, **more)
        if hasattr(answer, "streaming_content"):
            list(answer.streaming_content)
        assert "X-Injected" not in answer.headers
        transaction.set_rollback(True)
    return answer.status_code


def encoded(values: dict[str, str]) -> str:
    """As a browser or a program of bad will would send it."""
    return urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in values.items()})


def reading() -> Iterator[Address]:
    return (each for each in addresses() if not each.methods or "GET" in each.methods)


def writing() -> Iterator[tuple[Address, str]]:
    for each in addresses():
        for method in each.methods or ("POST",):
            if method != "GET":
                yield each, method


def test_no_query_brings_down_a_page(world):
    faults = []
    for address in reading():
        for odd in USUAL:
            url = f"{address.url(world.arguments)}?{encoded(dict.fromkeys(QUERY, odd))}"
            if (status := ask(world, "GET", url)) >= 500:
                faults.append(f"{address.shown} {odd[:40]!r}: {status}")
    assert faults == []


def test_no_form_brings_down_a_page(world):
    faults = []
    for address, method in writing():
        for odd in [] if address.is_api else ("a\0b", "\ud800", POLYGLOT):
            for word in WORDS if FULL else ("save", "use", "budget"):
                values = dict.fromkeys(FORM, odd) | {"do": word, "action": word}
                body = {"data": encoded(values), "content_type": "application/x-www-form-urlencoded"}
                if (status := ask(world, method, address.url(world.arguments), **body)) >= 500:
                    faults.append(f"{address.shown} {word} {odd[:40]!r}: {status}")
    assert faults == []


def odd_values(odd: str) -> Iterator[Any]:
    yield from (odd, [odd], {odd: odd}, None, True, 2**63, -(2**70), 1e308, [[]])


def odd_bodies(given: dict[str, Any], odd: str) -> Iterator[dict[str, Any]]:
    """The body with one value after the other replaced, and with a name that it does not have."""
    for value in odd_values(odd):
        yield from ({**given, name: value} for name in given)
    yield {**given, odd: odd}


def test_no_body_brings_down_an_operation(world):
    faults = []
    for address, method in writing():
        said = body_for(address, method, world.arguments)
        if not address.is_api or said["content_type"] != "application/json":
            continue
        given = json.loads(said["data"] or "{}")
        for odd in ("a\0b", "\ud800", "9" * 30, POLYGLOT) if FULL else ("a\0b",):
            for body in odd_bodies(given, odd):
                sent = {"data": json.dumps(body), "content_type": "application/json"}
                if (status := ask(world, method, address.url(world.arguments), **sent)) >= 500:
                    faults.append(f"{method} {address.shown} {json.dumps(body)[:80]}: {status}")
    assert faults == []


def test_no_address_brings_down_a_view(world):
    faults = []
    for address in reading():
        for name in address.parameters:
            for odd in USUAL:
                part = encoded({"x": odd.replace("/", "")}).removeprefix("x=").replace("+", "%20")
                url = address.url({**world.arguments, name: part})
                if (status := ask(world, "GET", url)) >= 500:
                    faults.append(f"{url[:80]}: {status}")
    assert faults == []
