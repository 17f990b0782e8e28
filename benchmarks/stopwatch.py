"""What a process used while it worked."""

from __future__ import annotations

import gc
import resource
import time
from contextlib import suppress
from pathlib import Path

_SELF = Path("/proc/self")


class Stopwatch:
    """Starts with the object; `figures` are for so many calls since then."""

    def __init__(self) -> None:
        gc.collect()
        with suppress(OSError):
            (_SELF / "clear_refs").write_text("5")  # the peak of memory counts from here, not from preparations
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def figures(self, calls: int, *, written: int) -> dict[str, float]:
        """Calls a second, CPU milliseconds a call, the process's largest memory since the start in MB, rows written."""
        return {
            "rate": calls / (time.perf_counter() - self._wall),
            "cpu_ms": (time.process_time() - self._cpu) / calls * 1000,
            "mb": _peak(),
            "written": written,
        }


def _peak() -> float:
    """The largest resident memory since the peak was last reset; since the process began where Linux does not say."""
    with suppress(OSError):
        for line in (_SELF / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
