"""The supervisor, over children that only sleep, fail or refuse to go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from fdc_project.supervisor import Child, Supervisor
folder = Path(sys.argv[1])

def note(name):
    with open(folder / name, "a") as file:
        file.write(f"{os.getpid()}\\n")

def sleeper():
    note("sleeper")
    time.sleep(600)

def failing():
    note("failing")
    return 3

def stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note("stubborn")
    time.sleep(600)

def parent():
    if not os.fork():
        note("grandchild")
    stubborn()

roles = {"sleeper": sleeper, "failing": failing, "stubborn": stubborn, "parent": parent}
sys.exit(Supervisor([Child(name, roles[name]) for name in sys.argv[2:]], grace=2.0).run())
"""


class Family:
    """A supervisor at work, and what its children wrote down."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder), *names], stderr=subprocess.DEVNULL)

    def pids(self, name: str, *, at_least: int = 1) -> list[int]:
        """The process numbers that `name` has had, once there are enough."""
        return wait_until(lambda: _numbers(self.folder / name, at_least))

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


def _numbers(path: Path, at_least: int) -> list[int]:
    numbers = [int(line) for line in path.read_text().split()] if path.exists() else []
    return numbers if len(numbers) >= at_least else []


def wait_until(condition, *, patience: float = 15.0):
    deadline = time.monotonic() + patience
    while not (result := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return result


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def family(tmp_path: Path) -> Iterator[object]:
    started: list[Family] = []

    def start(*names: str) -> Family:
        started.append(Family(tmp_path, *names))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_with_code_0_and_leaves_nobody_behind(family, number: int) -> None:
    it = family("sleeper")
    [pid] = it.pids("sleeper")
    assert it.stop(number) == 0
    assert gone(pid)


def test_a_killed_child_is_replaced(family) -> None:
    it = family("sleeper")
    [first] = it.pids("sleeper")
    os.kill(first, signal.SIGKILL)
    assert it.pids("sleeper", at_least=2)[1] != first


def test_a_child_that_keeps_failing_is_started_ever_more_slowly(family) -> None:
    it = family("failing")
    begun = time.monotonic()
    it.pids("failing", at_least=4)
    assert time.monotonic() - begun >= 0.25 + 0.5 + 1.0
    assert len(it.pids("failing")) <= 5


def test_children_die_with_a_supervisor_that_is_killed(family) -> None:
    it = family("sleeper", "stubborn")
    pids = it.pids("sleeper") + it.pids("stubborn")
    it.process.kill()
    wait_until(lambda: all(map(gone, pids)), patience=5)


def test_who_does_not_go_in_time_is_killed_with_all_of_its_own(family) -> None:
    it = family("parent")
    pids = it.pids("stubborn", at_least=2) + it.pids("grandchild")
    begun = time.monotonic()
    assert it.stop(signal.SIGTERM) == 0
    assert 1.9 < time.monotonic() - begun < 8
    wait_until(lambda: all(map(gone, pids)))


def test_a_third_request_to_stop_waits_no_longer(family) -> None:
    it = family("stubborn")
    it.pids("stubborn")
    begun = time.monotonic()
    for _ in range(2):
        it.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
    assert it.stop(signal.SIGINT) == 0
    assert time.monotonic() - begun < 1.9
