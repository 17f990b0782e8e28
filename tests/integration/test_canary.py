"""A key that sings: planted in the environment and in an endpoint, and looked for wherever text can leave FDC."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from generation.actions.endpoints import ensure_installation_endpoints, set_key
from generation.models import Endpoint
from tests.addresses import addresses
from tests.cast import make_cast
from tests.world import make_world

pytestmark = pytest.mark.django_db

STORED, SURROUNDING, SECOND = (f"sk-canary-{name}-{uuid.uuid4().hex}" for name in ("stored", "environment", "second"))


def heard_in(text: bytes) -> bool:
    return any(key.encode() in text or key.encode()[::-1] in text for key in (STORED, SURROUNDING, SECOND))


@pytest.fixture
def world(settings, tmp_path, monkeypatch):
    settings.EXPORT_ROOT, settings.IMPORT_ROOT = tmp_path / "exports", tmp_path / "imports"
    monkeypatch.setenv("OPENAI_API_KEY", SURROUNDING)
    cast = make_cast()
    ensure_installation_endpoints(now=timezone.now())
    world = make_world(cast.project, owner=cast.alice, key=STORED)
    endpoint = Endpoint.objects.get(pk=world.arguments["endpoint_id"])
    set_key(endpoint, key=STORED, secret=SECOND, by=cast.alice, now=timezone.now())
    assert Endpoint.objects.filter(environment="OPENAI_API_KEY").exists()
    return cast, world


def test_no_page_no_answer_and_no_file_ever_holds_a_key(world, caplog):
    cast, found = world
    superuser = cast.alice
    superuser.is_superuser = superuser.is_staff = True
    superuser.save()
    client, searched = Client(), 0
    client.force_login(superuser)
    pk = found.arguments["endpoint_id"]
    admin = [f"/admin/generation/endpoint/{pk}/change/", "/admin/generation/endpoint/", "/admin/generation/auditentry/"]
    for url in [each.url(found.arguments) for each in addresses()] + admin:
        answer = client.get(url, follow=True)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        searched += len(body)
        assert not heard_in(body), url
        assert not heard_in(str(answer.headers).encode()), url
    assert searched > 100_000
    assert not heard_in(caplog.text.encode())
    assert heard_in(b"... " + STORED.encode()), "the ear itself"


@pytest.mark.usefixtures("world")
def test_no_row_of_any_table_holds_a_key_in_plain_text():
    tables, cells = connection.introspection.table_names(), 0
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor:
                for cell in row:
                    cells += 1
                    text = bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
                    assert not heard_in(text), table
    assert cells > 500
    assert Endpoint.objects.exclude(key_box=None).count() == 1


@pytest.mark.usefixtures("world")
def test_no_file_that_fdc_writes_holds_a_key(settings):
    files = [path for root in (settings.EXPORT_ROOT, settings.IMPORT_ROOT) for path in Path(root).rglob("*")]
    assert len(files) >= 3
    assert not any(heard_in(path.read_bytes()) for path in files if path.is_file())
