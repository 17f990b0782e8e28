"""`make bench`: every benchmark of this folder that has a `main`, one after the other, or those that are named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DRIVERS = ("__main__", "__init__", "trust")


def programs() -> list[str]:
    """The names of the benchmarks: files with a `main()`."""
    files = (path for path in sorted(HERE.glob("*.py")) if path.stem not in DRIVERS)
    return [path.stem for path in files if "\ndef main(" in path.read_text(encoding="utf-8")]


def main(names: list[str]) -> int:
    """Runs them in processes of their own, so that none warms another; the number that failed."""
    failed = 0
    for name in names or programs():
        print(f"\n== {name}", flush=True)
        failed += (
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent, check=False).returncode != 0
        )
    print(f"\n{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
