"""Folders that every process of a test run begins with, each made once: the first that needs one makes it for all.

Migrating takes seconds, and each process of the tests needs a database of its own, and installations besides.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings

from tests.installation import ROOT, Installation
from tests.surroundings import GIVEN_BY_CONTROLLER

DATABASE = "fdc.sqlite3"


def on_sqlite() -> bool:
    """Whether the rows of tests lie in a file that can be copied."""
    return bool(settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3")


def migrated() -> Path:
    """A folder with a database that holds the tables and no rows of ours."""
    return _once("migrated", _migrate)


def prepared() -> Path:
    """The folder of an installation that stood once: migrated, static files collected, nobody has come in."""
    return _once("prepared", _prepare)


def lay_database(target: Path) -> None:
    """Puts a migrated database there."""
    shutil.copyfile(migrated() / DATABASE, target)


def lay_tables(environment: Mapping[str, str]) -> None:
    """Puts a migrated database into the data folder of processes with these variables, unless they use another."""
    if "DATABASE_URL" not in environment:
        lay_database(Path(environment["FDC_DATA_DIR"], DATABASE))


def _once(name: str, make: Callable[[Path], None]) -> Path:
    folder = Path(os.environ[GIVEN_BY_CONTROLLER], name)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            begun = folder.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            make(begun)
            begun.rename(folder)
    return folder


def _migrate(folder: Path) -> None:
    folder.mkdir()
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=Installation(folder).environment, check=True)
    assert not (folder / f"{DATABASE}-wal").exists(), "the database is whole in its file"


def _prepare(folder: Path) -> None:
    shutil.copytree(migrated(), folder)
    Installation(folder).prepare()
