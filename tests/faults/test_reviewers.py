"""Many reviewers at once while the web process dies under them: no row is decided twice, lost, or held by two.

`FDC_TRUST=1` runs the full counts (8 reviewers, 2,000 samples, 5 kills); the default is the same with fewer samples.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.faults.report import FULL, write_down
from tests.faults.reviewers import Reviewer, Web, write_history
from tests.faults.reviewers_checker import faults_in

PEOPLE, SAMPLES, KILLS = (8, 2000, 5) if FULL else (8, 300, 2)
MUTANTS = [("naive_claim", "was held by"), ("forgotten_key", "was answered")]


def crowd(web: Web, *, people: int, samples: int) -> list[Reviewer]:
    """The database, the web process, and reviewers who have not begun yet."""
    sessions = web.prepare(people, samples)
    web.start()
    return [Reviewer(web.port, person, session, seed=person) for person, session in sessions.items()]


def decisions_of(reviewers: list[Reviewer]) -> int:
    """How many decisions were acknowledged so far."""
    return sum(event.outcome == "ok" for each in reviewers for event in each.events)


def finish(reviewers: list[Reviewer], *, patience: float) -> None:
    """Waits until nobody gets a card any more."""
    deadline = time.monotonic() + patience
    for each in reviewers:
        each.join(max(0.1, deadline - time.monotonic()))
    for each in reviewers:
        each.stopped.set()
        if each.is_alive():
            each.faults.append(f"reviewer {each.person} did not come to an end")


@pytest.mark.slow
def test_a_crowd_of_reviewers_survives_kills_of_the_web_process(tmp_path: Path) -> None:
    web, rng = Web(tmp_path), random.Random(6)
    reviewers = crowd(web, people=PEOPLE, samples=SAMPLES)
    begun = time.monotonic()
    try:
        for each in reviewers:
            each.start()
        for kill in range(1, KILLS + 1):
            target = int(SAMPLES * (kill - rng.uniform(0.1, 0.5)) / (KILLS + 0.5))
            while decisions_of(reviewers) < target and any(each.is_alive() for each in reviewers):
                time.sleep(0.01)
            web.kill()
            web.start()
        finish(reviewers, patience=240)
    finally:
        web.kill()
    took = time.monotonic() - begun
    write_history(tmp_path / "history.jsonl", reviewers)
    faults = faults_in(tmp_path / "fdc.sqlite3", reviewers, finished=True)
    outcomes = [event.outcome for each in reviewers for event in each.events]
    write_down(
        test="reviewers", people=PEOPLE, samples=SAMPLES, kills=KILLS, seconds=round(took, 1), faults=len(faults),
        acknowledged=outcomes.count("ok"), unanswered=outcomes.count("unknown"), conflicts=outcomes.count("conflict"),
    )  # fmt: skip
    assert faults == []
    assert outcomes.count("unknown") > 0, "no request was on its way when the web process died: kill at another moment"


@pytest.mark.slow
@pytest.mark.parametrize(("mutant", "noticed"), MUTANTS if FULL else MUTANTS[1:])
def test_the_checker_notices_a_broken_promise(tmp_path: Path, mutant: str, noticed: str) -> None:
    web = Web(tmp_path, mutant=mutant)
    reviewers = crowd(web, people=4, samples=160)
    try:
        for each in reviewers:
            each.start()
        finish(reviewers, patience=60)
    finally:
        web.kill()
    faults = faults_in(tmp_path / "fdc.sqlite3", reviewers, finished=True)
    assert any(noticed in fault for fault in faults), faults[:5]
    write_down(test="reviewers_mutant", mutant=mutant, faults=len(faults))
