"""One drain of one run: its snapshot, its books and its provider, put together and handed to the engine."""

from __future__ import annotations

import asyncio
import itertools
import pkgutil
import random
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from generation.actions.address_policy import address_policy
from generation.actions.assignments import assignment_of
from generation.actions.batches import gather
from generation.actions.endpoint_views import account_name
from generation.actions.items import take_back
from generation.actions.ledger import RunLedger
from generation.actions.run_sources import PartGoneError, Place, open_source, parts_of, places_of
from generation.actions.run_states import pause_for
from generation.engine.driver import Drain, Surroundings
from generation.engine.pacing import Accounts, Pacer
from generation.engine.recorder import FileRecorder, owner_name
from generation.engine.source import Source, Sources
from generation.models import Endpoint, Run
from generation.secrets import SealError

_ACCOUNTS = Accounts()
_SHARED = "generation.engine.shared_pacing:SharedPacer"
"""Loaded only behind Redis: the embedded mode does without its client."""
_sequence = itertools.count(1)
_lock = threading.Lock()
_at_work: dict[int, set[int | None]] = {}
"""The runs that this process drains, with their endpoints."""

MOST_AT_ONE_ENDPOINT = 4
"""Half of a worker's threads: an endpoint that answers nobody leaves the other half to everybody else's runs."""


@dataclass(frozen=True)
class Door:
    """What the door hands in: clocks, chance, a folder of this machine's own, and when to stop."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    rng: random.Random
    folder: Path
    stop: Callable[[], bool] = lambda: False

    def owner(self) -> str:
        """A fresh name for leases."""
        return owner_name(next(_sequence), socket.gethostname())


def at_work(run_id: int) -> bool:
    """Whether this process drains the run now."""
    return run_id in _at_work


def drain(run_id: int, *, door: Door) -> str:
    """Works on the run until there is a reason to stop, and says which; "busy" when this process is at it already, or
    at as many runs of its endpoint as it takes on. The timer rings again."""
    own, parts = Run.objects.filter(pk=run_id).values_list("endpoint_id", "parts").first() or (None, {})
    endpoints = {own, *(each["endpoint"] for each in parts.values())}
    with _lock:
        crowded = any(sum(each in other for other in _at_work.values()) >= MOST_AT_ONE_ENDPOINT for each in endpoints)
        if run_id in _at_work or crowded:
            return "busy"
        _at_work[run_id] = endpoints
    try:
        return _drain(run_id, door)
    finally:
        _at_work.pop(run_id, None)


def _drain(run_id: int, door: Door) -> str:
    run = Run.objects.select_related("endpoint").filter(pk=run_id).first()
    if run is None:
        return "gone"
    take_back(run_id, folder=door.folder, now=door.now())
    if run.state != Run.State.RUNNING:
        return run.state
    try:
        places, parts = places_of(run), parts_of(run)
    except (SealError, PartGoneError) as error:
        pause_for(run_id, reason=Run.PauseReason.AUTH, detail=str(error))
        return Run.State.PAUSED
    owner = door.owner()
    recorder = FileRecorder(door.folder, owner)
    try:
        ledger = RunLedger(run, owner=owner, folder=door.folder, clock=door.now)
        around = Surroundings(door.monotonic, door.rng, door.stop, recorder)

        async def work() -> str:
            further = {name: _source(run, place, door) for name, place in parts.items()}
            sources = Sources([_source(run, place, door) for place in places], at=run.source_at, parts=further)
            return await Drain(assignment_of(run), ledger, sources, around).run()

        ending = asyncio.run(work())
    except BaseException:
        recorder.abandon()
        raise
    recorder.close()
    if run.batch == Run.Batching.FILE and ending == "empty":
        gather(run, now=door.now())
    return ending


def _source(run: Run, place: Place, door: Door) -> Source:
    return open_source(place, policy=address_policy(), open_pacer=lambda: _pacer(run, place, door))


def _pacer(run: Run, place: Place, door: Door) -> Pacer:
    """The account's pacer: in this process, and behind it in Redis where there is one. Limits that nobody set are those
    that the server told."""
    endpoint: Endpoint | None = place.endpoint
    name = account_name(endpoint, model=place.model)
    ceiling = endpoint.max_in_flight if endpoint else run.max_in_flight
    told = place.ability.detected if place.ability else {}
    rpm = (endpoint.requests_per_minute if endpoint else None) or told.get("requests_per_minute")
    tpm = (endpoint.tokens_per_minute if endpoint else None) or told.get("tokens_per_minute")
    local = _ACCOUNTS.pacer(name, ceiling=ceiling, rpm=rpm, tpm=tpm, clock=door.monotonic)
    if not settings.REDIS_URL or run.offline:
        return local
    shared: Pacer = pkgutil.resolve_name(_SHARED)(
        settings.REDIS_URL, name, ceiling=ceiling, rpm=rpm, tpm=tpm, local=local
    )
    return shared
