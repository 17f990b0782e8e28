"""What a process used while it worked."""

from __future__ import annotations

import resource
import time


class Stopwatch:
    """Starts with the object; `figures` are for so many calls since then."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def figures(self, calls: int, *, written: int) -> dict[str, float]:
        """Calls a second, CPU milliseconds a call, the process's largest memory in MB, and rows written."""
        return {
            "rate": calls / (time.perf_counter() - self._wall),
            "cpu_ms": (time.process_time() - self._cpu) / calls * 1000,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "written": written,
        }
