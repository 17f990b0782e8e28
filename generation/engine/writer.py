"""The one thread that writes: many coroutines hand in, few transactions go out.

A write waits while the transaction before it is committed and a few milliseconds more while calls come thick; what has
gathered by then goes out together. So each call costs a row, not a commit.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from generation.engine.killpoints import killpoint
from generation.engine.ledger import Ledger, Outcome, Write

T = TypeVar("T")
_LARGEST = 500


class Writer:
    """Group commits for one drain. Futures resolve in the loop that made them, once the transaction is committed."""

    def __init__(self, ledger: Ledger, loop: asyncio.AbstractEventLoop, *, linger: float = 0.008) -> None:
        self._ledger = ledger
        self._loop = loop
        self._linger = linger
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="fdc-writer", daemon=True)
        self.pressure: Callable[[], bool] = lambda: False
        """Whether many calls are on the wire, so that waiting a moment gathers more."""

    def start(self) -> None:
        """Starts the thread, which makes its connection ready before anything else."""
        self._queue.put((self._ledger.open, self._loop.create_future()))
        self._thread.start()

    async def put(self, write: Write) -> Outcome:
        """The write's outcome, after the commit."""
        done: asyncio.Future[Outcome] = self._loop.create_future()
        self._queue.put((write, done))
        return await done

    def post(self, write: Write) -> None:
        """Hands a write in without waiting: it goes out in order, and before the drain ends."""
        self._queue.put((write, self._loop.create_future()))

    async def ask(self, verb: Callable[..., T], *args: Any) -> T:
        """Has `verb(*args)` run in the thread, between transactions."""
        done: asyncio.Future[T] = self._loop.create_future()
        self._queue.put((lambda: verb(*args), done))
        return await done

    async def close(self) -> None:
        """Writes what is left, gives the connection back and ends the thread."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        try:
            while (gathered := self._gather()) is not None:
                writes = [pair for pair in gathered if not callable(pair[0])]
                if writes:
                    self._commit(writes)
                for question, done in gathered:
                    if callable(question):
                        self._answer(question, done)
        finally:
            self._ledger.close()

    def _gather(self) -> list[Any] | None:
        """What waits, after a moment in which more may come; None at the end."""
        first = self._queue.get()
        if first is None:
            return None
        if self.pressure():
            time.sleep(self._linger)
        gathered = [first]
        while len(gathered) < _LARGEST:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            gathered.append(more)
        return gathered

    def _commit(self, writes: Sequence[tuple[Write, asyncio.Future[Outcome]]]) -> None:
        futures = [done for _, done in writes]
        try:
            killpoint("before_commit")
            outcomes = self._ledger.write([write for write, _ in writes])
            killpoint("after_commit")
        except BaseException as error:  # the waiting coroutines must learn of it, whatever it is
            self._loop.call_soon_threadsafe(_fail_all, futures, error)
        else:
            self._loop.call_soon_threadsafe(_settle_all, futures, outcomes)

    def _answer(self, question: Callable[[], Any], done: asyncio.Future[Any]) -> None:
        try:
            answer = question()
        except BaseException as error:  # as above
            self._loop.call_soon_threadsafe(_fail_all, [done], error)
        else:
            self._loop.call_soon_threadsafe(_settle_all, [done], [answer])


def _settle_all(futures: Sequence[asyncio.Future[Any]], answers: Sequence[Any]) -> None:
    for done, answer in zip(futures, answers, strict=True):
        if not done.done():
            done.set_result(answer)


def _fail_all(futures: Sequence[asyncio.Future[Any]], error: BaseException) -> None:
    for done in futures:
        if not done.done():
            done.set_exception(error)
            done.exception()  # looked at, for those that nobody waits for
