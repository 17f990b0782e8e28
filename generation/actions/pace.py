"""How much goes into one transaction, and when to rest between two, so that people at work never wait long.

SQLite has one writer at a time, and who waits for it looks again after 1, 2, 5, 10, 15, 20 ms ...: between two
transactions there must be a breath in which they find it free.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

BRIEF, ALONE = 0.012, 0.03
"""Seconds that a transaction may take on SQLite: while others write too, and while nobody does."""
LONG = 0.3
"""The same where writers do not wait for each other."""
BREATH = 0.012
"""Seconds between two transactions while others write."""
COMPANY = 2.0
"""For so many seconds after somebody else wrote, they are taken to be at work."""


class Pace:
    """The rows for the next transaction, judged by how long the last one took once it had its locks."""

    def __init__(
        self,
        *,
        stopwatch: Callable[[], float] = time.monotonic,
        rest: Callable[[float], object] = time.sleep,
        size: int = 500,
        smallest: int = 100,
        largest: int = 2000,
    ) -> None:
        self._stopwatch, self._rest = stopwatch, rest
        self._smallest, self._largest = smallest, largest
        self._seen = _writes_of_others()
        self._company_until = 0.0
        self.size = size

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction of `size` rows; afterwards a breath, if others want to write as well."""
        with transaction.atomic():
            since = self._stopwatch()
            yield
        now = self._stopwatch()
        seen = _writes_of_others()
        if seen != self._seen:
            self._seen, self._company_until = seen, now + COMPANY
        company = now < self._company_until
        self._learn(now - since, company=company)
        if company:
            self._rest(BREATH)

    def _learn(self, took: float, *, company: bool) -> None:
        brief = (BRIEF if company else ALONE) if connection.vendor == "sqlite" else LONG
        wanted = int(self.size * min(max(brief / max(took, 0.001), 0.25), 2.0))
        self.size = min(max(wanted, self._smallest), self._largest)


def _writes_of_others() -> int:
    """A number that changes when another connection has written to SQLite; elsewhere nobody waits for us."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])
