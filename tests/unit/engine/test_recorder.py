"""The flight recorder tells the living from the dead, and whose code ran last."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from generation.engine.recorder import Fate, FileRecorder, fate, forget

PROGRAM = """
import sys, time
from pathlib import Path
from generation.engine.recorder import FileRecorder
recorder = FileRecorder(Path(sys.argv[1]), "worker-1")
recorder.mark(int(sys.argv[2]))
print("ready", flush=True)
time.sleep(60)
"""


def test_a_living_owner_is_alive_and_a_closed_one_is_unknown(tmp_path: Path) -> None:
    recorder = FileRecorder(tmp_path, "me")
    assert fate(tmp_path, "me") == Fate(alive=True)
    recorder.close()
    assert fate(tmp_path, "me") == Fate()


def test_an_owner_of_another_machine_is_unknown(tmp_path: Path) -> None:
    assert fate(tmp_path, "elsewhere-1-abc-1") == Fate()
    assert fate(tmp_path, "../etc/passwd") == Fate()
    assert fate(tmp_path, "") == Fate()


def test_f43_after_kill_9_the_item_whose_code_ran_is_named(tmp_path: Path) -> None:
    for item in (4711, 0):
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path), str(item)],
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": "."},
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert fate(tmp_path, "worker-1").alive
            process.send_signal(signal.SIGKILL)
        assert fate(tmp_path, "worker-1") == Fate(item=item)
        forget(tmp_path, "worker-1")
        assert fate(tmp_path, "worker-1") == Fate()
