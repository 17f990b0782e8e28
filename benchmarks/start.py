"""How soon FDC is there and what it takes: `python -m benchmarks.start`.

Bars: a second start in 4 s, all processes together within 250 MB when idle (PSS: shared pages counted once).
"""

from __future__ import annotations

import os
import re
import signal
import tempfile
import time
from pathlib import Path

from tests.installation import Installation

SECOND_START, IDLE_MEMORY = 4.0, 250.0
SETTLED = 6.0
"""Seconds until the demo's runs are done and everybody has loaded what they need."""


def memory(live: Installation) -> dict[str, float]:
    """Megabytes of each process by name, the supervisor included."""
    assert live.process
    return {name: _pss(pid) for name, pid in {"fdc": live.process.pid, **live.children()}.items()}


def _pss(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def seconds_to(live: Installation) -> float:
    """Seconds from the command to the first page."""
    begun = time.monotonic()
    live.start()
    return time.monotonic() - begun


def main() -> None:
    """Prints the figures of a new folder and of a second start."""
    with tempfile.TemporaryDirectory(prefix="fdc-bench-") as folder:
        live = Installation(Path(folder) / "var")
        first = seconds_to(live)
        live.stop()
        second = seconds_to(live)
        time.sleep(SETTLED)
        parts = memory(live)
        os.kill(live.children()["fdc-web"], signal.SIGKILL)
        back = live.wait_until_it_answers()
        begun = time.monotonic()
        live.stop()
        print(f"first start, new folder: {first:.1f} s; second: {second:.1f} s (bar {SECOND_START:.0f})")
        print(f"web server killed: next page after {back:.2f} s; Ctrl-C: gone after {time.monotonic() - begun:.1f} s")
        print("  ".join(f"{name} {size:.0f}" for name, size in parts.items()))
        print(f"memory of all, idle: {sum(parts.values()):.0f} MB (bar {IDLE_MEMORY:.0f})")


if __name__ == "__main__":
    main()
