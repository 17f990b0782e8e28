"""Reviewing over HTTP: `python -m benchmarks.review [--samples 10000 100000] [--decisions 300] [--list 1000000]`.

Server pinned to one core, clients and browser to the other. One decision is one request: it submits, and its answer
holds the next card. Bars: 1 request, 10 statements (and BEGIN, COMMIT), 15 ms CPU, p95 50 ms; 60 decisions/s by 8
people on SQLite; page 80 KiB gzip without math, usable in 300 ms, next row on screen in 50 ms after the key.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import review_browser
from benchmarks.review_client import Client, crowd, quantile

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = 9


def surroundings(folder: Path, *, database_url: str = "") -> dict[str, str]:
    """The environment of a server with a database of its own: the one named, or SQLite in the folder."""
    own = {"FDC_DATA_DIR": str(folder), "FDC_SECRET_KEY": "benchmarks-only-" * 4}
    return os.environ | own | {"DATABASE_URL": database_url, "REDIS_URL": ""}


@contextlib.contextmanager
def server(folder: Path, port: int, *, database_url: str = "") -> Iterator[int]:
    """FDC's web process on core 0 over the database of `surroundings`; its process id."""
    command = [
        "taskset", "-c", "0", sys.executable, "-m", "gunicorn", "fdc_project.wsgi", "-b", f"127.0.0.1:{port}",
        "-k", "gthread", "--threads", "8", "--log-level", "critical",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=surroundings(folder, database_url=database_url))
    client = Client(port, "")
    for _ in range(200):
        if client.ask("GET", "/health")[0] == 200:
            break
        time.sleep(0.1)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and its children."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    total = 0
    for each in [str(pid), *children]:
        fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def prepared(folder: Path, samples: int, *, database_url: str = "") -> list[str]:
    """The database of `surroundings` with so many samples; the sessions of its reviewers."""
    command = [sys.executable, "-m", "benchmarks.review_ground", str(samples), str(PEOPLE)]
    made = subprocess.run(command, cwd=ROOT, env=surroundings(folder, database_url=database_url), check=True,
                          stdout=subprocess.PIPE, text=True)  # fmt: skip
    return json.loads(made.stdout.splitlines()[-1])


def measure(samples: int, decisions: int, port: int) -> None:
    """Everything for one size of project, printed line by line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sessions = prepared(folder, samples)
        with server(folder, port) as pid:
            one = Client(port, sessions[0])
            one.review(20)
            before = cpu_seconds(pid)
            times = one.review(decisions)
            cpu = (cpu_seconds(pid) - before) / len(times) * 1000
            middle, slow = quantile(times, 0.5), quantile(times, 0.95)
            print(
                f"{samples:>9,} rows: one decision p50 {middle:.1f} ms, p95 {slow:.1f} ms (bar 50), server"
                f" CPU {cpu:.1f} ms (bar 15), 1 request"
            )
            before = cpu_seconds(pid)
            rate, count = crowd(port, sessions[1:], decisions // 2)
            cpu = (cpu_seconds(pid) - before) / count * 1000
            print(f"{'':>9}       8 people: {rate:.0f} decisions/s (bar 60), server CPU {cpu:.1f} ms a decision")
            for label, path in _lists(samples):
                times = [one.timed("GET", path) for _ in range(15)]
                print(f"{'':>9}       {label}: p50 {quantile(times, 0.5):.1f} ms, p95 {quantile(times, 0.95):.1f} ms")
            if samples <= 10_000:
                review_browser.measure(f"http://127.0.0.1:{port}", sessions[0])


def _lists(samples: int) -> list[tuple[str, str]]:
    deep = samples // 10
    return [
        ("list, first page (bar 30)", "/p/bench/samples"),
        ("list at 90 % (bar 30)", f"/p/bench/samples?after={deep}"),
        ("list of one state at 90 % (bar 30)", f"/p/bench/samples?state=needs_review&after={deep}"),
        ("search, one row (bar 50)", f"/p/bench/samples?q=scene+{deep + 3}"),
        ("search, two Chinese characters (bar 50)", "/p/bench/samples?q=%E6%B8%AF%E5%8F%A3"),
    ]


def main() -> None:
    """Measures each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--decisions", type=int, default=300)
    parser.add_argument("--port", type=int, default=8131)
    given = parser.parse_args()
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(0, {1})
    for samples in given.samples:
        measure(samples, given.decisions, given.port)


if __name__ == "__main__":
    main()
