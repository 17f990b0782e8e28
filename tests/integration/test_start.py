"""`manage.py start` as a person meets it: it comes up, says why it cannot, survives kills, and goes when told to."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.installation import ROOT, Installation
from tests.services import Services

PROCESSES = {"fdc-web", "fdc-web-worker", "fdc-gen", "fdc-jobs"}


def wait_until(condition: Callable[[], object], *, patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def memory_of(pid: int) -> int:
    """The proportional share of memory (PSS) in KiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def refusal(folder: Path, **variables: str) -> str:
    """What a start that must fail says."""
    surroundings = {**os.environ, "FDC_DATA_DIR": str(folder), "FDC_PORT": "0", **variables}
    command = [sys.executable, "manage.py", "start"]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One installation for the tests that leave it as it was."""
    with Installation(tmp_path_factory.mktemp("running") / "var") as installation:
        wait_until(lambda: set(installation.children()) >= PROCESSES)
        yield installation


def test_it_prints_its_address_and_a_link_for_the_first_person(running: Installation) -> None:
    assert running.welcome_link.startswith(f"{running.url}/welcome/")


def test_its_keys_belong_to_their_owner_alone(running: Installation) -> None:
    for name in ("secret_key", "encryption_key"):
        assert stat.S_IMODE((running.folder / name).stat().st_mode) == 0o600


def test_a_second_start_says_who_runs(running: Installation) -> None:
    assert running.process
    assert f"already runs on {running.folder}: process {running.process.pid}, {running.url}" in refusal(running.folder)


def test_a_taken_port_is_named(running: Installation, tmp_path: Path) -> None:
    port = running.url.rpartition(":")[2]
    assert refusal(tmp_path / "var", FDC_PORT=port).startswith(f"CommandError: Port {port} is in use")


def test_idle_it_takes_less_than_250_megabytes(running: Installation) -> None:
    assert running.process
    everyone = [running.process.pid, *running.children().values()]
    assert sum(map(memory_of, everyone)) < 250 * 1024


def test_a_killed_part_is_replaced_and_no_visitor_is_refused(running: Installation) -> None:
    for name in ("fdc-web", "fdc-gen", "fdc-web-worker"):
        before = running.children()[name]
        os.kill(before, signal.SIGKILL)
        assert running.wait_until_it_answers() < 10
        wait_until(lambda name=name, before=before: running.children().get(name, before) != before)


def test_ctrl_c_ends_it_cleanly_and_a_second_start_is_quick(live: Installation) -> None:
    wait_until(lambda: set(live.children()) >= PROCESSES)
    children = live.children().values()
    assert live.stop(signal.SIGINT) == 0
    assert all(map(gone, children))
    assert not (live.folder / "fdc.sqlite3-wal").exists()
    begun = time.monotonic()
    live.start()
    assert time.monotonic() - begun < 4 * slowness()


def test_when_the_supervisor_is_killed_everything_goes_and_the_next_start_works(live: Installation) -> None:
    wait_until(lambda: set(live.children()) >= PROCESSES)
    children = live.children().values()
    live.stop(signal.SIGKILL)
    wait_until(lambda: all(map(gone, children)), patience=5)
    live.start()


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    assert "FDC_SECRET_KEY is missing or shorter than 32" in refusal(tmp_path / "var", FDC_SECRET_KEY="short")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "var").startswith("FDC cannot write to")


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = refusal(tmp_path / "var", DATABASE_URL=f"postgresql://nobody@127.0.0.1:{port}/none")
    assert said.startswith("The database (postgresql) cannot be used: connection")


def test_a_redis_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = refusal(tmp_path / "var", REDIS_URL=f"redis://127.0.0.1:{port}/0")
    assert said.startswith("Redis (REDIS_URL) does not answer")


@pytest.mark.services
def test_the_same_program_runs_on_postgresql_and_redis(services: Services, tmp_path: Path) -> None:
    with Installation(tmp_path / "var", variables=services.variables) as installation:
        wait_until(lambda: set(installation.children()) >= PROCESSES)
        assert not (tmp_path / "var" / "fdc.sqlite3").exists()
        assert installation.stop(signal.SIGTERM) == 0


@pytest.mark.services
def test_each_part_runs_on_a_machine_of_its_own(services: Services, tmp_path: Path) -> None:
    keys = {"FDC_SECRET_KEY": "s" * 40, "FDC_ENCRYPTION_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}
    variables = services.variables | keys
    worker = Installation(tmp_path / "worker", "--only", "gen", variables=variables)
    web = Installation(tmp_path / "web", "--only", "web", variables=variables)
    with worker, web:
        wait_until(lambda: set(worker.children()) == {"fdc-gen"})
        wait_until(lambda: set(web.children()) == {"fdc-web", "fdc-web-worker"})


def slowness() -> float:
    """How much slower this machine is than a quiet one: another test may be at work on each core."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
