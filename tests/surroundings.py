"""The surroundings of the tests, set before Django reads them. Loaded by `-p tests.surroundings` (pyproject.toml).

Tests never see the keys, databases or folders of the person who runs them: FDC keeps its data in a temporary folder,
on SQLite, with keys of its own. PostgreSQL and Redis come in by FDC_TEST_DATABASE_URL and FDC_TEST_REDIS_URL alone.
FDC_TEST_ON is the database that tests of rows run on instead of SQLite: `FDC_TEST_ON=postgresql://... pytest FILES`.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

GIVEN_BY_CONTROLLER = "FDC_TEST_FOLDER"
OTHER_DATABASE = "FDC_TEST_ON"
SERVICES = ("FDC_TEST_DATABASE_URL", "FDC_TEST_REDIS_URL")
HIDDEN = (
    *("DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "DASHSCOPE_API_KEY", "FDC_PORT", "FDC_HOST", "FDC_HTTPS"),
    *("FDC_ALLOWED_HOSTS", "FDC_ORIGINS", "FDC_DEBUG", "FDC_PROVIDER_ALLOW", "FDC_KILL", "DJANGO_SETTINGS_MODULE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
)


def _prepare() -> str:
    """Makes the folder unless a controlling process has, and sets the variables; the folder to remove at the end."""
    for name in HIDDEN:
        os.environ.pop(name, None)
    _keep_compiled_code()
    if url := os.environ.get(OTHER_DATABASE):
        os.environ["DATABASE_URL"] = url
    made = ""
    if GIVEN_BY_CONTROLLER not in os.environ:
        made = os.environ[GIVEN_BY_CONTROLLER] = tempfile.mkdtemp(prefix="fdc-tests-")
        Path(made, "static").mkdir()
    os.environ |= {
        "FDC_DATA_DIR": os.environ[GIVEN_BY_CONTROLLER],
        "FDC_SECRET_KEY": "tests-only-secret-key-of-more-than-32-characters",
        "FDC_ENCRYPTION_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    return made


def _keep_compiled_code() -> None:
    """Where Python is told to write no compiled code, it goes beside the packages, out of the tree: each of the many
    processes that tests start would else compile everything again, which takes longer than what it is started for."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        sys.dont_write_bytecode = False
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix, "pycache"))


MADE = _prepare()


def services_given() -> bool:
    """Whether PostgreSQL and Redis are there for the tests that need them."""
    return all(os.environ.get(name) for name in SERVICES)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out the tests that need services when there are none; `pytest_terminal_summary` says so."""
    if services_given():
        return
    left_out = [item for item in items if item.get_closest_marker("services")]
    if left_out:
        items[:] = [item for item in items if not item.get_closest_marker("services")]
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line on what did not run, and why."""
    if not services_given():
        terminalreporter.write_line(
            f"Tests marked `services` did not run: set {' and '.join(SERVICES)} to run them on PostgreSQL and Redis."
        )


def pytest_unconfigure() -> None:
    """Removes the folder, in the process that made it."""
    if MADE:
        shutil.rmtree(MADE, ignore_errors=True)
