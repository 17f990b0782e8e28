"""A run is started in the browser; then its workers are killed, again and again."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.installation import Installation
from tests.journeys.newcomer import Newcomer
from tests.prepared import prepared

TARGET = 150
WORKERS = {"fdc-gen", "fdc-jobs"}
ITEMS = "SELECT count(*) FROM generation_item WHERE run_id = 3 AND state = 'done'"
STATE = "SELECT state FROM generation_run WHERE id = 3"
SAMPLES = "SELECT instruction, input, output, state, reason FROM generation_sample WHERE run_id = 3 ORDER BY id"


def ask(live: Installation, query: str) -> list[tuple[object, ...]]:
    """Rows of the installation's database, read beside its processes."""
    with closing(sqlite3.connect(f"file:{live.folder}/fdc.sqlite3?mode=ro", uri=True, timeout=30)) as connection:
        return connection.execute(query).fetchall()


def run_in(live: Installation, page: Page, *, kills: int) -> list[tuple[object, ...]]:
    """The rows that a run makes while its workers are killed so many times."""
    newcomer = Newcomer(page, live.url)
    newcomer.come_in(live.welcome_link)
    newcomer.open_demo()
    newcomer.start_run(target=TARGET)
    deadline, done = time.monotonic() + 120, 0
    while ask(live, STATE) != [("completed",)]:
        assert time.monotonic() < deadline, ask(live, STATE)
        now_done, alive = int(str(ask(live, ITEMS)[0][0])), live.children()
        if kills and now_done > done and alive.keys() >= WORKERS:
            done, kills = now_done, kills - 1
            for name in WORKERS:
                os.kill(alive[name], signal.SIGKILL)
        time.sleep(0.05)
    assert kills == 0
    return ask(live, SAMPLES)


@pytest.mark.slow
def test_000_35_a_run_whose_workers_are_killed_makes_the_same_rows(
    visit: Callable[..., Page], tmp_path: Path, live: Installation
) -> None:
    rows = run_in(live, visit(), kills=4)
    live.stop()
    with Installation(shutil.copytree(prepared(), tmp_path / "undisturbed")) as undisturbed:
        assert rows == run_in(undisturbed, visit(), kills=0)
    assert len(rows) >= TARGET
