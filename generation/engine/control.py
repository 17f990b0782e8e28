"""What a drain's coroutines share: whether to go on, and why not."""

from __future__ import annotations

import asyncio
from collections import deque

_WINDOW = 20


class HaltedError(Exception):
    """The drain is ending, or the request must wait long: the item goes back, not to be claimed for `wait` seconds."""

    def __init__(self, wait: float = 0.0) -> None:
        super().__init__(wait)
        self.wait = wait


class LeaseLostError(Exception):
    """Somebody else has the item now; nothing more may be written in its name."""


class Control:
    """Set from anywhere in the drain's loop; `halting` only ever goes from False to True."""

    def __init__(self) -> None:
        self.halting = False
        self.reason = ""
        self.detail = ""
        self.error: BaseException | None = None
        self.wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._finals: deque[bool] = deque(maxlen=_WINDOW)

    def halt(self, reason: str = "", detail: str = "") -> None:
        """No new calls from now on. A `reason` pauses the run; the first one stands."""
        if reason and not self.reason:
            self.reason, self.detail = reason, detail
        self.halting = True
        self.wake.set()
        self._settled.set()

    def fail(self, error: BaseException) -> None:
        """The drain itself is broken (the database is gone): it ends with this error."""
        self.error = self.error or error
        self.halt()

    def settled(self) -> None:
        """Money was given back: calls that wait for the budget look again."""
        self._settled.set()

    async def wait_settled(self) -> None:
        """Until money is given back, or a second: another worker may have given some."""
        try:
            await asyncio.wait_for(self._settled.wait(), 1.0)
        except TimeoutError:
            return
        self._settled.clear()  # only now, so that what is given back while somebody asks is not missed

    def note(self, *, failed: bool, detail: str = "") -> None:
        """One request came to its end. Half of the last 20 failed for good: the run looks broken, and is paused."""
        self._finals.append(failed)
        if failed and len(self._finals) == _WINDOW and sum(self._finals) * 2 >= _WINDOW:
            self.halt("broken", detail)
