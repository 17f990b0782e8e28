"""The engine's books, kept in the database: each batch is one short transaction, fenced item by item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from generation import dispatch
from generation.actions.calls import journals
from generation.actions.earlier import earlier_answers
from generation.actions.items import claim_items, database_now, held_claims, renew_leases, take_back
from generation.actions.ledger_page import Page, claim_of
from generation.actions.model_abilities import learn_ability
from generation.actions.run_sources import switch_source
from generation.actions.run_states import pause_for
from generation.engine.ledger import ClaimedItem, Finished, Flag, Outcome, Write
from generation.engine.reuse import EarlierAnswer
from generation.models import Run
from generation.providers.base import Ability

_CACHE_KIB = 4000


class RunLedger:
    """`engine.ledger.Ledger` over the rows of one run, for one drain. `owner` is its name in every lease."""

    def __init__(self, run: Run, *, owner: str, folder: Path, clock: Callable[[], datetime]) -> None:
        self._run = run
        self._owner = owner
        self._folder = folder
        self._clock = clock

    def open(self) -> None:
        """See `Ledger`. A drain writes on and on and hardly reads back: without this, SQLite keeps 20 MB for it."""
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA cache_size = -{_CACHE_KIB:d}")

    def claim(self, limit: int) -> list[ClaimedItem]:
        """See `Ledger`."""
        items = claim_items(self._run.pk, owner=self._owner, limit=limit, now=self._now())
        again = [item.id for item in items if item.attempt > 1]
        stored = journals(again) if again else {}
        return [replace(item, journal=tuple(stored[item.id])) if item.id in stored else item for item in items]

    def earlier(self, endpoint: int | None, model: str, fingerprints: Sequence[str]) -> Mapping[str, EarlierAnswer]:
        """See `Ledger`."""
        return earlier_answers(self._run, endpoint=endpoint, model=model, fingerprints=fingerprints)

    def write(self, batch: Sequence[Write]) -> list[Outcome]:
        """See `Ledger`."""
        with transaction.atomic():
            ids = {claim_of(write)[0] for write in batch}
            page = Page(self._run, held_claims(ids, owner=self._owner), now=self._clock())
            outcomes = page.enter(batch)
            if any(isinstance(write, Finished) for write in batch):
                dispatch.ring(dispatch.ADMIT, self._run.pool_id)
        return outcomes

    def renew(self, claims: Mapping[int, int]) -> set[int]:
        """See `Ledger`."""
        return renew_leases(claims, owner=self._owner, now=self._now())

    def flag(self) -> Flag:
        """See `Ledger`."""
        fields = Run.objects.values_list("state", "max_in_flight", "source_at").get(pk=self._run.pk)
        return Flag(*fields)

    def sweep(self) -> int:
        """See `Ledger`."""
        return take_back(self._run.pk, folder=self._folder, now=self._now())

    def pause(self, reason: str, detail: str) -> None:
        """See `Ledger`."""
        pause_for(self._run.pk, reason=reason, detail=detail)

    def switch(self, at: int, kind: str, detail: str) -> int:
        """See `Ledger`."""
        return switch_source(self._run.pk, at=at, kind=kind, detail=detail, now=self._now())

    def learn(self, endpoint: int, model: str, ability: Ability, limits: Mapping[str, int]) -> None:
        """See `Ledger`."""
        learn_ability(endpoint, model=model, ability=ability, limits=limits, now=self._now())

    def close(self) -> None:
        """See `Ledger`."""
        connection.close()

    def _now(self) -> datetime:
        return database_now(host_now=self._clock())
