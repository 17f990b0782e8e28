"""One small process that keeps the others alive.

It forks its children from itself, so the memory of everything that was imported before is shared by all of them. It
never opens the database and starts no thread, because neither would survive a fork. See docs/adr/0005.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger("fdc.supervisor")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 10.0
"""Seconds between the request to stop and the kill."""
SETTLED = 30.0
"""Seconds after which a child counts as well, and its next death as the first."""
SLOWEST = 30.0
"""The longest pause before a child is started again."""
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


@dataclass
class Child:
    """One process to keep alive: its name and what it does. `pid` is 0 while it is down."""

    name: str
    run: Callable[[], int | None]
    pid: int = 0
    deaths: int = 0
    started: float = 0.0
    again_at: float = 0.0


@dataclass
class Supervisor:
    """Keeps its children alive until it is told to stop. `release` is called first in each child after the fork."""

    children: list[Child]
    release: Callable[[], None] = lambda: None
    grace: float = GRACE
    _stops: int = 0
    _wake: tuple[int, int] = field(default_factory=os.pipe)

    def run(self) -> int:
        """Runs until SIGINT, SIGTERM or SIGHUP; 0 when every child has gone."""
        for number in self._wake:
            os.set_blocking(number, False)
        signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        share_memory()
        while not self._stops:
            self._start_due()
            self._sleep(until=min((c.again_at for c in self.children if not c.pid), default=None))
            self._bury()
        self._stop_all()
        return 0

    def _on_stop(self, *_: object) -> None:
        self._stops += 1

    def _sleep(self, *, until: float | None) -> None:
        timeout = None if until is None else max(0.0, until - time.monotonic())
        select.select([self._wake[0]], [], [], timeout)
        with contextlib.suppress(BlockingIOError):
            os.read(self._wake[0], 512)

    def _start_due(self) -> None:
        for child in self.children:
            if not child.pid and time.monotonic() >= child.again_at:
                child.started = time.monotonic()
                child.pid = fork(child.run, name=child.name, release=self._let_go)

    def _let_go(self) -> None:
        signal.set_wakeup_fd(-1)
        for number in self._wake:
            os.close(number)
        self.release()

    def _bury(self) -> None:
        for child in self.children:
            if child.pid and (code := _exit_code(child.pid)) is not None:
                _kill_group(child.pid, signal.SIGKILL)
                child.pid = 0
                if self._stops:
                    continue
                settled = time.monotonic() - child.started > SETTLED
                child.deaths = 1 if settled else child.deaths + 1
                pause = min(SLOWEST, 0.25 * 2 ** (child.deaths - 1))
                child.again_at = time.monotonic() + pause
                log.warning("%s ended with %s; it starts again in %.1f s", child.name, code, pause)

    def _stop_all(self) -> None:
        deadline = time.monotonic() + self.grace
        for child in self._alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGTERM)
        while self._alive() and time.monotonic() < deadline and self._stops < 3:
            self._sleep(until=min(deadline, time.monotonic() + 0.2))
            self._bury()
        for child in self._alive():
            _kill_group(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)

    def _alive(self) -> list[Child]:
        return [child for child in self.children if child.pid]


def fork(run: Callable[[], int | None], *, name: str, release: Callable[[], None] = lambda: None) -> int:
    """The process number of a child that runs `run` in a session of its own, and dies when this process dies."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        for number in (*SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(parent)
        name_process(f"fdc-{name}")
        release()
        code = run() or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def wait_for(pid: int) -> int:
    """The exit code of a child; a signal counts as its negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def die_with_parent(parent: int) -> None:
    """Asks the kernel to kill this process when `parent` dies (Linux); at once when it already has."""
    _prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def name_process(name: str) -> None:
    """Shows as `name` in `ps` and `top` (Linux, 15 characters)."""
    _prctl(_PR_SET_NAME, name.encode()[:15])


def share_memory() -> None:
    """Makes ready to fork: what lives now is left alone by the collector, so that its pages stay shared."""
    gc.collect()
    gc.freeze()


def _prctl(option: int, value: int | bytes) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _exit_code(pid: int) -> int | None:
    with contextlib.suppress(ChildProcessError):
        done, status = os.waitpid(pid, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if done else None
    return 0


def _kill_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
