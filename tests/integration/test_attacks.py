"""Attacks from outside: hosts, paths, headers, files that burst, and rights that somebody would like to have."""

from __future__ import annotations

import gzip
import json
import time

import pytest
from django.test import Client

from generation.actions.uploads import NoUploadError, find_upload, store_upload
from generation.models import Endpoint, Membership, Person, Seed
from review.models import Export
from tests.addresses import addresses
from tests.cast import make_cast
from tests.hostile.corpus import HOSTILE, REFUSED, data, of_length
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PATHS = data("odd")["paths"]
HOSTS = ("evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "evil.example:8000", "0.0.0.0", "[::2]")
BODIES = (
    b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000, b'"\\ud800"', b'{"name": NaN}', b"\xff\xfe{", b"null", b"",
    b'{"name": "x", "name": "y"}',
)  # fmt: skip
NAMES = (*of_length(80, HOSTILE)[::12], "a\r\nX-Injected: 1", "../../x.json", 'a";filename="b.html')


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.EXPORT_ROOT, settings.IMPORT_ROOT = tmp_path / "exports", tmp_path / "imports"
    cast = make_cast()
    return make_world(cast.project, owner=cast.alice, key="sk-attack-canary-0123456789")


@pytest.fixture
def alice(world) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(username="alice"))
    return client


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_not_ours_gets_nothing(world, host, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    for address in ("/sign-in", "/", "/api/v1/projects", "/health"):
        answer = Client(raise_request_exception=False).get(address, headers={"Host": host})
        assert answer.status_code == 400
        assert host.encode() not in answer.content


def test_a_forwarded_host_is_not_believed(world, alice):
    forwarded = {"X-Forwarded-Host": "evil.example"}
    page = alice.post("/p/poems/people/invite", {"role": "viewer", "note": ""}, headers=forwarded, follow=True)
    assert b"evil.example" not in page.content
    assert b"/join/" in page.content


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out_of_the_files_that_are_served(world, alice, path):
    for before in ("/static/", "/p/poems/exports/1/file/", "/p/poems/seeds/import/", "/p/poems/exports/"):
        answer = alice.get(before + path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code in (400, 404) or before.startswith("/p/") or body.startswith(b"/*")
        assert b"django" not in body.lower()
        assert b"root:" not in body


@pytest.mark.parametrize("token", ["../x", "..", "a" * 31, "A" * 32, "0" * 32 + "\n", "0" * 32 + ".json", "/etc", ""])
def test_an_upload_is_found_by_its_token_and_never_by_a_path(world, token):
    with pytest.raises(NoUploadError):
        find_upload(world.project, token=token)


def test_every_answer_carries_the_headers_that_protect_it(world, alice):
    faults = []
    for address in addresses():
        answer = alice.get(address.url(world.arguments))
        faults += [f"{address.shown}: {name}" for name, value in HEADERS.items() if answer.headers.get(name) != value]
        policy = answer.headers.get("Content-Security-Policy", "")
        strict = "default-src 'none'" in policy and "unsafe" not in policy
        faults += [] if strict else [f"{address.shown}: policy {policy}"]
        faults += [f"{address.shown}: CORS"] if "Access-Control-Allow-Origin" in answer.headers else []
    assert faults == []


@pytest.mark.parametrize("name", NAMES)
def test_a_download_keeps_its_name_and_is_never_opened_in_the_page(world, alice, name):
    Export.objects.filter(pk=world.arguments["export_id"]).update(file_name=name)
    for part in ("file", "manifest"):
        answer = alice.get(f"/p/poems/exports/{world.arguments['export_id']}/{part}")
        assert answer["Content-Disposition"].startswith("attachment")
        assert "\n" not in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"].startswith(("application/json", "application/x-ndjson"))
        assert "X-Injected" not in answer.headers


def test_nobody_makes_themselves_more_than_they_are(world):
    dave, bob = Person.objects.get(username="dave"), Person.objects.get(username="bob")
    grabs = {"role": "owner", "is_superuser": True, "is_staff": "on", "do": "role", "person": dave.pk, "owner": dave.pk}
    for person in (dave, bob):
        client = Client(raise_request_exception=False)
        client.force_login(person)
        for address in addresses():
            arguments = world.arguments | {"person_id": person.pk}
            for method in address.methods or ("POST",):
                if method != "GET" and "sign-out" not in address.route:
                    url, body = address.url(arguments), json.dumps(grabs)
                    if address.is_api:
                        client.generic(method, url, body, content_type="application/json")
                    else:
                        client.post(url, grabs)
        person.refresh_from_db()
        assert not person.is_superuser
        assert not person.is_staff
        assert Membership.objects.get(person=person, project=world.project).role in ("viewer", "editor")


def test_a_key_does_not_follow_an_address_that_somebody_changes(world, alice):
    pk = world.arguments["endpoint_id"]
    for base_url in ("https://evil.example/v1", "https://example.org:444/v1", "https://example.org.evil.example/v1"):
        body = json.dumps({"base_url": base_url})
        alice.patch(f"/api/v1/projects/poems/endpoints/{pk}", body, content_type="application/json")
        row = Endpoint.objects.get(pk=pk)
        assert row.key_box is None or row.base_url == "https://example.org/v1"


BOMBS = {
    "gzip 1000:1": gzip.compress(b'{"instruction": "x", "output": "y"}\n' * 3_000_000),
    "nested lists": b"[" * 200_000 + b"]" * 200_000,
    "nested objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "nested value": b'{"instruction": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "huge number": b'{"instruction": "x", "output": "y", "n": ' + b"9" * 1_000_000 + b"}",
    "huge exponent": b'{"instruction": "x", "output": "y", "n": 1e999999999}',
    "one long line": b'{"instruction": "' + b"x" * 40_000_000 + b'"}',
    "no line end": b"x" * 40_000_000,
    "many keys": json.dumps({f"k{n}": "v" for n in range(200_000)}).encode(),
    "open quote": b'text,label\n"' + b"x,y\n" * 2_000_000,
    "nul bytes": b"\0" * 5_000_000,
    "utf-16": ("\ufeff" + '{"instruction": "x", "output": "y"}\n' * 100).encode("utf-16-le"),
    "not utf-8": b'{"instruction": "\xff\xfe\xc3\x28", "output": "y"}\n' * 1000,
    "unicode line ends": '{"instruction": "a\u2028b\u0085c", "output": "y"}\n'.encode() * 10,
    "refused texts": "\n".join(json.dumps({"instruction": text, "output": text}) for text in REFUSED).encode(),
    "zip": b"PK\x03\x04" + b"\0" * 1000,
    "html": b"<!doctype html><script>fired()</script>",
    "empty": b"",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_would_burst_is_refused_in_good_time(world, alice, name):
    before = Seed.objects.count()
    upload = store_upload(world.project, name=f"{name}.jsonl", chunks=[BOMBS[name]])
    begun = time.process_time()
    page = alice.get(f"/p/poems/seeds/import/{upload.token}")
    assert page.status_code == 200
    assert time.process_time() - begun < 8
    assert Seed.objects.count() == before
    assert len(page.content) < 3_000_000


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_body_that_would_burst_is_refused_by_the_api(world, alice, body):
    answer = alice.post("/api/v1/projects", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert set(answer.json()) >= {"code", "message"}
