"""Calls a second and CPU a call, beside a bare client: `python -m benchmarks.calls [--calls N] [--database URL]`.

A server answers each call after 200 ms. The worker and the bare client are pinned to one core, in turn; the server has
the other. The worker writes every call down as always: announced before it is sent, its bytes before they are read.
Bars: 90 % of ideal at 64 in flight, 60 % at 200, 150 MB.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LATENCY_MS = 200
SCRIPT = {"latency_ms": LATENCY_MS, "rules": [{"name": "any", "match": "", "replies": ["A short answer. " * 12]}]}
BARS = {64: 0.90, 200: 0.60}


def _pinned(core: int, *command: str) -> list[str]:
    """The command on one core, where there are two and the tool to say so."""
    if (os.cpu_count() or 1) < 2:
        return [sys.executable, *command]
    return ["taskset", "-c", str(core), sys.executable, *command]


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[int]:
    """The scripted server on the second core; its port."""
    script = folder / "script.json"
    script.write_text(json.dumps(SCRIPT), encoding="utf-8")
    command = _pinned(1, "-m", "tests.scripted_server", "--script", str(script), "--log", str(folder / "log.jsonl"))
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _measure(side: str, port: int, calls: int, in_flight: int, folder: Path, database: str) -> dict[str, Any]:
    """One run of one side in a process of its own on the first core."""
    environment = {
        **os.environ,
        "FDC_DATA_DIR": str(folder / f"{side}-{in_flight}"),
        "FDC_SECRET_KEY": "benchmark-" * 5,
        "FDC_ENCRYPTION_KEY": "benchmark-" * 5,
        "DATABASE_URL": database,
        "REDIS_URL": "",
    }
    Path(environment["FDC_DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    command = _pinned(0, "-m", f"benchmarks.calls_{side}", str(port), str(calls), str(in_flight))
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Prints one line for each side and number in flight, and whether the bars are held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--database", default="", help="a PostgreSQL address; empty: SQLite")
    given = parser.parse_args()
    print(f"{given.calls} calls, server answers after {LATENCY_MS} ms, {given.database or 'SQLite'}")
    print(f"{'side':8} {'in flight':>9} {'calls/s':>8} {'of ideal':>8} {'CPU ms/call':>11} {'MB':>5} {'written':>8}")
    with tempfile.TemporaryDirectory(prefix="fdc-bench-") as name, _server(Path(name)) as port:
        for in_flight, bar in BARS.items():
            for side in ("bare", "fdc"):
                found = _measure(side, port, given.calls, in_flight, Path(name), given.database)
                share = found["rate"] / (in_flight * 1000 / LATENCY_MS)
                verdict = ""
                if side == "fdc":
                    whole = found["written"] == given.calls
                    verdict = "held" if share >= bar and found["mb"] <= 150 and whole else f"MISSED (bar {bar:.0%})"
                print(
                    f"{side:8} {in_flight:9} {found['rate']:8.0f} {share:8.0%} {found['cpu_ms']:11.2f} "
                    f"{found['mb']:5.0f} {found['written']:8} {verdict}"
                )


if __name__ == "__main__":
    main()
