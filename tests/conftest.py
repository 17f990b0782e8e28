"""What all tests share: the browser, a whole running FDC, PostgreSQL and Redis."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright
from whitenoise.middleware import WhiteNoiseMiddleware

from tests import chromium
from tests.installation import Installation
from tests.order import in_good_order
from tests.prepared import lay_database, on_sqlite, prepared
from tests.services import Services, fresh_services


def pytest_configure() -> None:
    """Passwords are hashed fast: they guard nothing here. Static files are looked for once."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    _look_for_static_files_once()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Several workers begin with what takes long."""
    items[:] = in_good_order(items)


def _look_for_static_files_once() -> None:
    """Each client of a test has middleware of its own, and to read 215 files again takes longer than what it asks."""
    look, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files(self: WhiteNoiseMiddleware) -> None:
        if not found:
            known = dict(self.files)
            look(self)
            found.update({url: file for url, file in self.files.items() if known.get(url) is not file})
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_files


class Chromium:
    """The browser of this process: started by the first test that asks for it, ended by the next one that does not.

    While it is up, an event loop counts as running in this thread, and nothing else may start one.
    """

    def __init__(self) -> None:
        self._up = ExitStack()
        self._browser: Browser | None = None

    def start(self) -> Browser:
        """The browser. Never skips: without one the test fails and says what to install."""
        if self._browser is None:
            if not (path := chromium.find()):
                pytest.fail(chromium.MISSING, pytrace=False)
            playwright = self._up.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            self._up.callback(self._browser.close)
        return self._browser

    def stop(self) -> None:
        """Ends it, if it is up."""
        self._up.close()
        self._browser = None


CHROMIUM = Chromium()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """No test without a browser runs beside one."""
    if "browser" not in getattr(item, "fixturenames", ()):
        CHROMIUM.stop()


def pytest_sessionfinish() -> None:
    """Nothing stays up."""
    CHROMIUM.stop()


@pytest.fixture
def browser() -> Browser:
    """A headless Chromium, shared by neighbours."""
    return CHROMIUM.start()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each for a visitor of its own: `visit(locale="zh-CN", java_script_enabled=False)`.

    The test fails when a script of theirs threw or hurt the content security policy.
    """
    complaints: list[str] = []
    with ExitStack() as contexts:

        def open_page(**options: Any) -> Page:
            options = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
            page = contexts.enter_context(browser.new_context(**options)).new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
            return page

        yield open_page
    assert complaints == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """The page of one visitor."""
    return visit()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database that lies ready is used; the folder goes with the run."""
    return on_sqlite()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Lays a migrated database where this process looks for its own."""
    if on_sqlite():
        lay_database(Path(settings.DATABASES["default"]["TEST"]["NAME"]))


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Installation]:
    """A new FDC, started as a person starts it, on a free port."""
    with Installation(shutil.copytree(prepared(), tmp_path / "var")) as installation:
        yield installation


@pytest.fixture
def services() -> Iterator[Services]:
    """An empty PostgreSQL database and an empty Redis database of this test's own (mark the test `services`)."""
    with fresh_services() as services:
        yield services
