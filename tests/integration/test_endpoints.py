"""Endpoints: keys go in and never come out, addresses are checked, servers nearby are offered and never switched to."""

from __future__ import annotations

import json
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from generation import secrets
from generation.actions import connections
from generation.actions.endpoint_views import endpoint_view
from generation.actions.endpoints import (
    SharedEndpointError,
    create_endpoint,
    edit_endpoint,
    ensure_installation_endpoints,
    key_binding,
    retire_endpoint,
    set_key,
)
from generation.actions.prices import load_prices, price_for, provider_of, set_price
from generation.models import AuditEntry, Endpoint, ModelPrice
from generation.providers.addresses import Policy
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db

KEY = "sk-canary-5b1c7a2e-very-secret"
FORM = {
    "name": "Mine",
    "base_url": "https://93.184.215.14/v1/",
    "models_listed": "m-1, m-2",
    "max_in_flight": 8,
    "timeout_seconds": 60,
}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def as_alice(client, cast):
    client.force_login(cast.alice)
    return client


def make(cast, **values) -> Endpoint:
    given = {"name": "Mine", "base_url": "https://example.org/v1", "models_listed": ["m-1"]} | values
    return create_endpoint(cast.project, kind="openai_compatible", key=KEY, by=cast.alice, now=NOW, **given)


class Models(BaseHTTPRequestHandler):
    """A server with a model list; its class attributes say how it answers."""

    status, body, seen = 200, json.dumps({"data": [{"id": "tiny"}, {"id": "<b>big</b>"}]}), []

    def do_GET(self):
        type(self).seen.append((self.path, self.headers.get("Authorization")))
        self.send_response(type(self).status)
        if type(self).status == 302:
            self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(type(self).body.encode())

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def server():
    handler = type("Handler", (Models,), {"seen": []})
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield handler, httpd.server_port
    httpd.shutdown()
    httpd.server_close()


def test_a_key_is_kept_as_ciphertext_bound_to_row_and_address(cast):
    endpoint = make(cast)
    assert KEY.encode() not in bytes(endpoint.key_box)
    assert endpoint.key_hint == KEY[-4:]
    assert endpoint_view(endpoint).key == KEY
    stolen = make(cast, name="Other")
    stolen.key_box = endpoint.key_box
    with pytest.raises(secrets.SealError):
        endpoint_view(stolen)
    endpoint.base_url = "https://evil.example/v1"
    with pytest.raises(secrets.SealError):
        endpoint_view(endpoint)


def test_another_path_keeps_the_key_and_another_host_drops_it(cast):
    endpoint = make(cast)
    assert not edit_endpoint(endpoint, base_url="https://example.org/api/v1", by=cast.alice, now=NOW)
    assert endpoint.has_key
    assert edit_endpoint(endpoint, base_url="https://example.org:8443/v1", by=cast.alice, now=NOW)
    assert not endpoint.has_key
    assert key_binding(endpoint).endswith("https://example.org:8443")


def test_what_was_done_to_an_endpoint_is_on_record_without_its_key(cast):
    endpoint = make(cast)
    retire_endpoint(endpoint, by=cast.alice, now=NOW)
    assert list(AuditEntry.objects.values_list("action", flat=True)) == [
        "endpoint.created", "endpoint.key_set", "endpoint.retired",
    ]  # fmt: skip
    assert KEY not in str(list(AuditEntry.objects.values()))
    assert not endpoint.has_key


def test_the_environment_makes_endpoints_that_come_and_go_with_it(cast, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("DASHSCOPE_API_KEY", raising=False)
    first = ensure_installation_endpoints(now=NOW)
    assert [(each.kind, each.environment) for each in first] == [
        ("offline", ""),
        ("openai_compatible", "OPENAI_API_KEY"),
    ]
    assert endpoint_view(first[1]).key == KEY
    assert KEY not in str(Endpoint.objects.values())
    assert [each.pk for each in ensure_installation_endpoints(now=NOW)] == [each.pk for each in first]
    monkeypatch.delenv("OPENAI_API_KEY")
    ensure_installation_endpoints(now=NOW)
    assert [each.kind for each in Endpoint.objects.usable_in(cast.project)] == ["offline"]
    with pytest.raises(SharedEndpointError):
        set_key(first[0], key="x", by=cast.alice, now=NOW)


def test_prices_are_loaded_once_and_found_by_address_and_model(cast):
    assert load_prices() > 20
    assert load_prices() == 0
    openai = Endpoint(base_url="https://api.openai.com/v1")
    assert str(price_for(openai, model="gpt-4o-mini", on=NOW.date().replace(year=2027)).input_price) == "0.1500"
    assert price_for(openai, model="gpt-4o-mini-2024-07-18", on=NOW.date().replace(year=2027)).model == "gpt-4o-mini"
    assert price_for(openai, model="no-such", on=NOW.date()) is None


def test_a_price_that_one_project_sets_is_none_of_another_projects_business(cast):
    load_prices()
    address = {"kind": "openai_compatible", "base_url": "https://api.openai.com/v1", "created_at": NOW}
    mine = Endpoint.objects.create(project=cast.project, name="mine", **address)
    theirs = Endpoint.objects.create(project=cast.other_project, name="theirs", **address)
    free = {"currency": "USD", "input_price": Decimal(0), "output_price": Decimal(0), "source": "alice"}
    later = NOW.date().replace(year=2027)
    set_price(mine, model="gpt-4o-mini", on=later, **free)
    assert price_for(mine, model="gpt-4o-mini", on=later).input_price == 0
    assert str(price_for(theirs, model="gpt-4o-mini", on=later).input_price) == "0.1500"
    assert provider_of("https://user:pw@host.example:81/v1") == "host.example:81"


def test_an_owner_makes_an_endpoint_and_the_key_is_on_no_page(as_alice):
    page = as_alice.post("/p/poems/endpoints/new", FORM | {"key": KEY}, follow=True)
    endpoint = Endpoint.objects.get()
    assert (endpoint.base_url, endpoint.models_listed) == ("https://93.184.215.14/v1", ["m-1", "m-2"])
    for path in ("/p/poems/endpoints", f"/p/poems/endpoints/{endpoint.pk}"):
        assert KEY not in as_alice.get(path).text
    assert KEY not in page.text
    assert "…cret" in page.text


@pytest.mark.parametrize(
    "url",
    ["http://93.184.215.14/v1", "https://169.254.169.254/v1", "https://10.0.0.8/v1", "ftp://example.org", "https://u:p@example.org/v1",
     "http://0x7f000001/v1", "https://[::ffff:10.0.0.1]/v1", "https://example.org/v1#x", "javascript:alert(1)"],
)  # fmt: skip
def test_addresses_that_fdc_must_not_call_are_refused_in_words(as_alice, url):
    page = as_alice.post("/p/poems/endpoints/new", FORM | {"base_url": url})
    assert page.status_code == 422
    assert not Endpoint.objects.exists()


def test_settings_key_price_and_retirement_on_the_page_without_scripts(cast, as_alice):
    endpoint = make(cast, base_url="https://93.184.215.14/v1")
    url = f"/p/poems/endpoints/{endpoint.pk}"
    as_alice.post(url, FORM | {"do": "save", "name": "Renamed"})
    as_alice.post(url, {"do": "key", "key": "another-key-1234"})
    as_alice.post(url, {"do": "price", "model": "m-1", "currency": "CNY", "input_price": "1.5", "output_price": "3"})
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.key_hint) == ("Renamed", "1234")
    assert ModelPrice.objects.get().currency == "CNY"
    assert "1.5" in as_alice.get(url).text
    as_alice.post(url, {"do": "drop_key"})
    as_alice.post(url, {"do": "retire"})
    assert as_alice.get(url).status_code == 404
    assert not Endpoint.objects.usable_in(cast.project).exists()


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [(200, None, "ok"), (401, "no", "unauthorized"), (404, "", "not_found"), (200, "<html>", "unexpected"),
     (302, "", "unexpected"), (200, '{"data": {"id": 1}}', "unexpected"), (500, "", "unexpected")],
)  # fmt: skip
def test_trying_a_connection_says_one_of_a_few_things(cast, server, status, body, code):
    handler, port = server
    handler.status, handler.body = status, body if body is not None else handler.body
    endpoint = make(cast, base_url=f"http://127.0.0.1:{port}/v1")
    assert connections.try_connection(endpoint).code == code
    assert handler.seen == [("/v1/models", f"Bearer {KEY}")]


def test_nobody_there_and_not_allowed_are_told_apart_only_so_far(cast, server):
    assert connections.try_connection(make(cast, base_url="http://127.0.0.1:9/v1")).code == "unreachable"
    assert connections.try_connection(make(cast, base_url="https://10.1.2.3/v1")).code == "not_allowed"


def test_the_page_shows_what_the_connection_said(cast, as_alice, server):
    endpoint = make(cast, base_url=f"http://127.0.0.1:{server[1]}/v1")
    headers = {"HX-Request": "true", "HX-Target": "connection"}
    part = as_alice.post(f"/p/poems/endpoints/{endpoint.pk}", {"do": "check"}, headers=headers).text
    assert "<html" not in part
    assert "tiny" in part
    assert "<b>big</b>" not in part


def test_servers_on_this_machine_are_found_and_only_offered(cast, as_alice, server, monkeypatch):
    monkeypatch.setattr(connections, "LOCAL", (("Ollama", server[1]), ("nobody", 9)))
    page = as_alice.post("/p/poems/endpoints")
    assert f"http://127.0.0.1:{server[1]}/v1" in page.text
    assert "nobody" not in page.text
    assert not Endpoint.objects.exists()


def test_fdcs_own_port_is_never_called(cast, server, settings, monkeypatch):
    monkeypatch.setattr(connections, "LOCAL", (("Ollama", server[1]),))
    own = Policy(loopback=True, own_ports=frozenset({server[1]}))
    monkeypatch.setattr(connections, "address_policy", lambda: own)
    assert connections.find_local() == []
    assert server[0].seen == []


def test_everybody_sees_the_list_and_only_owners_go_further(cast, client):
    endpoint = make(cast)
    url = f"/p/poems/endpoints/{endpoint.pk}"
    for name, allowed in [("dave", False), ("carol", False), ("bob", False), ("alice", True)]:
        client.force_login(getattr(cast, name))
        assert client.get("/p/poems/endpoints").status_code == 200
        assert client.get(url).status_code == (200 if allowed else 403)
        assert client.post("/p/poems/endpoints/new", FORM | {"name": name}).status_code == (302 if allowed else 403)
        assert client.post(url, {"do": "drop_key"}).status_code == (302 if allowed else 403)
    client.force_login(cast.mallory)
    assert client.get("/p/poems/endpoints").status_code == 404
    assert client.get(f"/p/secrets/endpoints/{endpoint.pk}").status_code == 404
