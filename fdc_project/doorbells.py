"""Which rows this process has rung for, so that nobody is rung for twice before somebody came."""

from __future__ import annotations

import threading
import time


class Doorbells:
    """Remembers each ring until it is answered here, or for `patience` seconds: behind a broker others may answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung: dict[tuple[str, int], float] = {}
        self.served: set[str] = set()
        """The queues that this process works on."""

    def may_ring(self, task_name: str, pk: int, *, patience: float) -> bool:
        """Whether the row was not rung for in the last `patience` seconds; if so, it is from now on."""
        with self._lock:
            now = time.monotonic()
            rung = self._rung.get((task_name, pk))
            if rung is not None and now - rung < patience:
                return False
            self._rung[task_name, pk] = now
            return True

    def answered(self, task_name: str, pk: int) -> None:
        """Somebody came: the next ring for this row is a new one."""
        with self._lock:
            self._rung.pop((task_name, pk), None)


DOORBELLS = Doorbells()
