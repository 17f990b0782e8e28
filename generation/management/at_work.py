"""A run worked by the command itself, in this process: no FDC need be running, and one that is may help."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import connections
from django.utils import timezone

from fdc_project.web.states import TransitionError
from generation.actions.drains import Door, drain
from generation.actions.items import database_now
from generation.actions.runs import pause_run
from generation.actions.samples import admit
from generation.models import Run

BEAT = 0.25
_BREATH = 0.05
_WORKING = (Run.State.RUNNING, Run.State.STOPPING)


def work(run: Run, *, tell: Callable[[Run], None]) -> Run:
    """Works the run until it is over or paused, and calls `tell` a few times a second with the run as it stands.

    On Ctrl-C the calls on the wire come home, and the run is paused: the same command goes on later.
    """
    stop = threading.Event()
    door = Door(
        timezone.now, time.monotonic, random.Random(), settings.DATA_DIR / "owners", stop=stop.is_set
    )  # fmt: skip
    errors: list[BaseException] = []
    threads = [
        threading.Thread(target=_repeat, args=(turn, stop, errors), daemon=True)
        for turn in (lambda: drain(run.pk, door=door), lambda: _admit(run.pool_id, door))
    ]
    for thread in threads:
        thread.start()
    try:
        while (run := Run.objects.get(pk=run.pk)).state in _WORKING and not errors:
            tell(run)
            time.sleep(BEAT)
    except KeyboardInterrupt:
        with suppress(TransitionError):
            pause_run(run)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]
    tell(run := Run.objects.get(pk=run.pk))
    return run


def _admit(pool_id: int, door: Door) -> None:
    admit(pool_id, owner=door.owner(), folder=door.folder, clock=lambda: database_now(host_now=timezone.now()))


def _repeat(turn: Callable[[], object], stop: threading.Event, errors: list[BaseException]) -> None:
    """One side of the work, again and again, over a connection of its own."""
    try:
        while not stop.is_set():
            turn()
            stop.wait(_BREATH)
    except BaseException as error:  # the command says it, in its own thread
        errors.append(error)
    finally:
        connections.close_all()
