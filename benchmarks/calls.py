"""Calls a second and CPU a call, beside a bare client and other engines: `python -m benchmarks.calls`.

A server answers each call after 200 ms. Every side is pinned to one core, in turn; the server has the other. FDC's
worker writes every call down as always: announced before it is sent, its bytes before they are read. `--peers` adds
distilabel and curator in environments of their own, `--faults` a server that refuses 10 % (429) and breaks 3 % (500),
`--flat` a run of 10,000 calls. Bars: ahead of both peers at 64 in flight, 2 ms of CPU a call, 150 MB, flat, faults
within 1.35 times the clean time.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers import environments

ROOT = Path(__file__).resolve().parent.parent
LATENCY_MS = 200
ANY = {"name": "any", "match": "", "replies": ["A short answer. " * 12]}
FAULTY = ANY | {
    "every_fault": [
        {"kind": "rate_limited", "from": 0.0, "to": 0.10},
        {"kind": "status", "status": 500, "from": 0.10, "to": 0.13},
    ]
}
IN_FLIGHT = (64, 200)
SHARES = {64: 0.90, 200: 0.60}
CPU_MS, MB, FAULTS, GROWTH_MB = 2.0, 150, 1.35, 10


def pinned(core: int, *command: str) -> list[str]:
    """The command on one core, where there are two and the tool to say so."""
    return list(command) if (os.cpu_count() or 1) < 2 else ["taskset", "-c", str(core), *command]


@contextlib.contextmanager
def server(folder: Path, rule: dict[str, Any]) -> Iterator[tuple[int, Path]]:
    """The scripted server on the second core; its port and its log."""
    script, log = folder / "script.json", folder / "log.jsonl"
    log.unlink(missing_ok=True)
    script.write_text(json.dumps({"latency_ms": LATENCY_MS, "rules": [rule]}), encoding="utf-8")
    command = pinned(1, sys.executable, "-m", "tests.scripted_server", "--script", str(script), "--log", str(log))
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline()), log
    finally:
        process.kill()
        process.wait()


def ours(side: str, folder: Path, *, calls: int, in_flight: int, database: str = "", rule: Any = ANY) -> dict[str, Any]:
    """One run of the bare client or of FDC, in a process of its own on the first core."""
    environment = {
        **os.environ,
        "FDC_DATA_DIR": tempfile.mkdtemp(prefix=f"{side}-", dir=folder),
        "FDC_SECRET_KEY": "benchmark-" * 5,
        "FDC_ENCRYPTION_KEY": "benchmark-" * 5,
        "DATABASE_URL": database,
        "REDIS_URL": "",
    }
    with server(folder, rule) as (port, _log):
        command = pinned(0, sys.executable, "-m", f"benchmarks.calls_{side}", str(port), str(calls), str(in_flight))
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def theirs(name: str, folder: Path, *, calls: int, in_flight: int, rule: Any = ANY) -> dict[str, Any]:
    """One run of another engine: its pace by the server's log from first call to last, its CPU without its start."""
    start = _peer(name, folder, calls=in_flight, in_flight=in_flight, rule=ANY)
    whole = _peer(name, folder, calls=calls, in_flight=in_flight, rule=rule)
    return {
        "rate": whole["answered"] / whole["seconds"], "mb": whole["mb"], "written": whole["answered"],
        "cpu_ms": max(0.0, whole["cpu"] - start["cpu"]) / (calls - in_flight) * 1000,
    }  # fmt: skip


def _peer(name: str, folder: Path, *, calls: int, in_flight: int, rule: Any) -> dict[str, float]:
    """CPU seconds and largest memory of all its processes, and from the log: answers, and seconds first to last."""
    with server(folder, rule) as (port, log), tempfile.TemporaryDirectory(dir=folder) as home:
        script = str(ROOT / "benchmarks" / "peers" / f"{name}_side.py")
        command = pinned(0, str(environments.python_of(name)), script, str(port), str(calls), str(in_flight))
        used = environments.watched(command, home=Path(home))
        lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    ended = [line["t"] for line in lines if line.get("outcome") == "answered"]
    return used | {"answered": len(ended), "seconds": ended[-1] - lines[0]["t"]}


def compared(folder: Path, *, calls: int, sides: Sequence[str], database: str) -> None:
    """Every side in turn at each number in flight, and whether FDC's bars are held."""
    for in_flight in IN_FLIGHT:
        found = {}
        for side in sides:
            if side in environments.PEERS:
                found[side] = theirs(side, folder, calls=calls, in_flight=in_flight)
            else:
                found[side] = ours(side, folder, calls=calls, in_flight=in_flight, database=database)
            share = found[side]["rate"] / (in_flight * 1000 / LATENCY_MS)
            print(_line(side, in_flight, found[side], share), flush=True)
        fdc = found["fdc"]
        bars = [("CPU", fdc["cpu_ms"] <= CPU_MS), ("memory", fdc["mb"] <= MB), ("written", fdc["written"] == calls)]
        bars.append(("share of ideal", fdc["rate"] / (in_flight * 1000 / LATENCY_MS) >= SHARES[in_flight]))
        peers = [found[side]["rate"] for side in sides if side in environments.PEERS]
        if peers:
            bars.append(("ahead of the peers", fdc["rate"] > max(peers)))
        print("         " + ", ".join(f"{name} {'held' if held else 'MISSED'}" for name, held in bars))


def _line(side: str, in_flight: int, found: dict[str, Any], share: float) -> str:
    return (
        f"{side:10} {in_flight:9} {found['rate']:8.0f} {share:8.0%} {found['cpu_ms']:11.2f} {found['mb']:5.0f} "
        f"{found['written']:8.0f}"
    )


def with_faults(folder: Path, *, calls: int, database: str) -> None:
    """FDC's time with a tenth refused and three in a hundred broken, beside its clean time."""
    times = {}
    for name, rule in (("clean", ANY), ("faulty", FAULTY)):
        found = ours("fdc", folder, calls=calls, in_flight=64, database=database, rule=rule)
        times[name] = calls / found["rate"]
        print(f"{name:10} {times[name]:.2f} s, {found['written']:.0f} of {calls} written", flush=True)
    ratio = times["faulty"] / times["clean"]
    print(f"         {ratio:.2f} times the clean time: {'held' if ratio <= FAULTS else 'MISSED'} (bar {FAULTS})")


def flat(folder: Path, *, database: str) -> None:
    """FDC's largest memory over 2,000 and over 10,000 calls."""
    sizes = [
        ours("fdc", folder, calls=calls, in_flight=200, database=database)["mb"] for calls in (2000, 10_000)
    ]  # fmt: skip
    held = sizes[1] <= MB and sizes[1] - sizes[0] <= GROWTH_MB
    print(f"         {sizes[0]:.0f} MB over 2,000 calls, {sizes[1]:.0f} MB over 10,000: {'held' if held else 'MISSED'}")


def main() -> None:
    """Prints a line for each side and number in flight, and what became of each bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--database", default="", help="a PostgreSQL address; empty: SQLite")
    for name in ("peers", "faults", "flat"):
        parser.add_argument(f"--{name}", action="store_true")
    given = parser.parse_args()
    sides = ["bare", "fdc", *(environments.PEERS if given.peers else ())]
    print(f"{given.calls} calls, server answers after {LATENCY_MS} ms, {given.database or 'SQLite'}")
    print(f"{'side':10} {'in flight':>9} {'calls/s':>8} {'of ideal':>8} {'CPU ms/call':>11} {'MB':>5} {'answered':>8}")
    with tempfile.TemporaryDirectory(prefix="fdc-bench-") as name:
        compared(Path(name), calls=given.calls, sides=sides, database=given.database)
        if given.faults:
            with_faults(Path(name), calls=given.calls, database=given.database)
        if given.flat:
            flat(Path(name), database=given.database)


if __name__ == "__main__":
    main()
