"""What the journeys through hostile texts share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser

from generation.models import Person
from tests.cast import make_cast
from tests.hostile.watch import Watch, watched
from tests.world import World, make_world


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    """The project "poems" with one row of everything. Alice owns it."""
    settings.EXPORT_ROOT, settings.IMPORT_ROOT = tmp_path / "exports", tmp_path / "imports"
    cast = make_cast()
    return make_world(cast.project, owner=cast.alice)


@pytest.fixture
def alice(world) -> Person:
    return Person.objects.get(username="alice")


@pytest.fixture
def watch(browser: Browser, live_server) -> Iterator[Callable[..., Watch]]:
    """Watched browsers: `watch(person)` for somebody who is signed in, `watch()` for nobody."""
    with ExitStack() as stack:

        def open_for(person: Person | None = None) -> Watch:
            cookies = session_of(person) if person else None
            return stack.enter_context(watched(browser, live_server.url, cookies=cookies))

        yield open_for


def session_of(person: Person) -> dict[str, str]:
    """The cookie of a session of this person."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {"sessionid": str(session.session_key)}
