"""Promised rows that no single part can answer for: what is kept of a key, and what a run keeps of a template."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from fdc_project import env
from generation.actions.endpoints import ensure_installation_endpoints
from generation.actions.prompts import save_version
from generation.actions.runs import start_run
from generation.models import Endpoint, Run
from tests.cast import NOW, Cast, make_cast

pytestmark = pytest.mark.django_db
KEYS = {"OPENAI_API_KEY": "sk-canary-of-openai-0123456789", "DASHSCOPE_API_KEY": "sk-canary-of-dashscope-0123456789"}
SLOT = "self_instruct.classify"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def a_run(cast: Cast, start_key: str) -> Run:
    offline = Endpoint.objects.get(kind="offline")
    return start_run(
        cast.project, recipe="self_instruct", params={}, endpoint=offline, by=cast.alice, now=NOW, start_key=start_key
    )


def test_000_24_keys_of_the_environment_make_endpoints_and_are_stored_nowhere(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    ensure_installation_endpoints(now=NOW)
    assert set(Endpoint.objects.values_list("environment", flat=True)) >= set(KEYS)
    assert set(env.provider_keys().values()) == set(KEYS.values())
    dump = StringIO()
    call_command("dumpdata", stdout=dump)
    client = Client()
    client.force_login(cast.alice)
    page = client.get(f"/p/{cast.project.slug}/endpoints", follow=True)
    assert page.status_code == 200
    assert "OPENAI_API_KEY" in page.content.decode()
    assert "canary" not in dump.getvalue() + page.content.decode() + caplog.text


def test_000_29_a_changed_template_is_a_new_version_and_a_started_run_keeps_its_own(cast: Cast) -> None:
    ensure_installation_endpoints(now=NOW)
    cast.project.seeds.create(instruction="Name three rivers.", language="en", created_at=NOW, updated_at=NOW)
    before = a_run(cast, "before")
    text = before.template_texts[SLOT] + "\nThink twice."
    version = save_version(cast.project, slot=SLOT, language="en", text=text, by=cast.bob, now=NOW)
    after = a_run(cast, "after")
    before.refresh_from_db()
    assert (before.template_versions[SLOT], after.template_versions[SLOT]) == (0, version.pk)
    assert after.template_texts[SLOT] == text != before.template_texts[SLOT]
