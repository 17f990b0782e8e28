"""F-40: an export whose worker is killed at random moments ends with the whole file, the same bytes, and no remains."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.faults.report import FULL, write_down
from tests.house import ROOT
from tests.prepared import lay_tables

ROWS = 12_000
KILLS = 3
"""For each export; more without any progress in between would have it parked as a job that kills its workers."""
ROUNDS = 7 if FULL else 1
SEED = random.SystemRandom().randrange(10**6)


class Exporter:
    """Starts worker processes on one folder."""

    def __init__(self, folder: Path) -> None:
        self.environment = os.environ | {"FDC_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "fdc_project.settings"}
        lay_tables(self.environment)

    def start(self, *what: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.faults.exporter", *what]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)

    def ask(self, *what: str) -> dict:
        """What the process said last."""
        out, _ = self.start(*what).communicate(timeout=200)
        return json.loads(out.splitlines()[-1])

    def kill_in_the_middle(self, turn: int, *, after: float) -> bool:
        """Kills a worker `after` seconds of work; whether it was still at it."""
        process = self.start("work", str(turn))
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(after)
        at_it = process.poll() is None
        process.kill()
        process.wait()
        process.stdout.close()
        return at_it


@pytest.mark.slow
def test_f40_an_export_survives_kills_at_random_moments(tmp_path):
    rng, exporter, killed = random.Random(SEED), Exporter(tmp_path), 0
    exporter.ask("prepare", str(ROWS))
    for _ in range(ROUNDS):
        exporter.ask("start")
        killed += sum(exporter.kill_in_the_middle(turn, after=rng.uniform(0, 0.25)) for turn in range(KILLS))
        check_whole(tmp_path / "exports", exporter.ask("work", str(KILLS)))
    done, undisturbed = exporter.ask("tell"), exporter.ask("again")
    assert undisturbed["sha256"] == done["sha256"]
    assert killed >= 1
    write_down(test="F-40", seed=SEED, exports=ROUNDS, kills=killed, rows_lost=0, half_files=0)


def check_whole(folder: Path, done: dict) -> None:
    """The export is done, its file is what its row says, and nothing else of it lies about."""
    assert (done["state"], done["rows"], done["places_are_whole"]) == ("done", ROWS, True), SEED
    data = (folder / done["stored_name"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == done["sha256"]
    assert data.count(b"\n") == ROWS
    assert [path.name for path in folder.glob("*.part")] == []
    assert (folder / f"{done['stored_name']}.manifest").read_bytes().count(b"\n") == ROWS + 1
