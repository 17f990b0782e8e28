"""Eight people compare pairs, three votes each, while the web process dies under them: no pair gets a fourth vote, none
is lost, nobody is asked twice.

`FDC_TRUST=1` runs the full counts (500 pairs, 5 kills); the default is the same with fewer.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.faults.comparers import WANTED, Comparer, asking, faults_in
from tests.faults.report import FULL, write_down
from tests.faults.reviewers import Web
from tests.services import Services

PEOPLE, PAIRS, KILLS = (8, 500, 5) if FULL else (8, 50, 2)


def compared(web: Web, where: Path | str, *, database: str) -> None:
    """The whole story on one database."""
    sessions = web.prepare(PEOPLE, 0, pairs=PAIRS)
    web.start()
    people = [Comparer(web.port, person, session, seed=person) for person, session in sessions.items()]
    rng, begun = random.Random(8), time.monotonic()
    try:
        for each in people:
            each.start()
        for kill in range(1, KILLS + 1):
            target = int(PAIRS * WANTED * (kill - rng.uniform(0.1, 0.5)) / (KILLS + 0.5))
            while sum(len(each.events) for each in people) < target and any(each.is_alive() for each in people):
                time.sleep(0.01)
            web.kill()
            web.start()
        deadline = time.monotonic() + 240
        for each in people:
            each.join(max(0.1, deadline - time.monotonic()))
    finally:
        for each in people:
            each.stopped.set()
        web.kill()
    assert not any(each.is_alive() for each in people), "somebody did not come to an end"
    faults = faults_in(asking(where), people, pairs=PAIRS)
    outcomes = [event.outcome for each in people for event in each.events]
    write_down(
        test="comparers", database=database, people=PEOPLE, pairs=PAIRS, kills=KILLS, faults=len(faults),
        seconds=round(time.monotonic() - begun, 1), acknowledged=outcomes.count("ok"),
        unanswered=outcomes.count("unknown"), conflicts=outcomes.count("conflict"),
    )  # fmt: skip
    assert faults == []


@pytest.mark.slow
def test_a_crowd_that_compares_survives_kills_of_the_web_process(tmp_path: Path) -> None:
    compared(Web(tmp_path), tmp_path / "fdc.sqlite3", database="sqlite")


@pytest.mark.slow
@pytest.mark.services
@pytest.mark.skipif(not FULL, reason="half a minute: only in `make trust`")
def test_it_does_so_on_postgresql(tmp_path: Path, services: Services) -> None:
    url = services.database_url
    compared(Web(tmp_path, database_url=url), url, database="postgresql")
