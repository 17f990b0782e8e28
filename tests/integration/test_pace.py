"""Long work in short transactions: as short as they must be, with a breath where somebody else writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connection

from generation.actions.pace import Pace


class Watch:
    """A stopwatch that says a transaction took `seconds`, and remembers the rests."""

    def __init__(self) -> None:
        self.now, self.seconds, self.inside = 0.0, 0.0, False
        self.rests: list[float] = []

    def __call__(self) -> float:
        self.now += self.seconds if self.inside else 0.0
        self.inside = not self.inside
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def paced(watch: Watch, transactional_db: None) -> Iterator[Pace]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_somebody (number integer)")
    yield Pace(stopwatch=watch, rest=watch.rests.append, size=500)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE of_somebody")


def work(pace: Pace) -> None:
    with pace.transaction():
        pass


def somebody_writes() -> None:
    with sqlite3.connect(connection.settings_dict["NAME"]) as other:
        other.execute("INSERT INTO of_somebody VALUES (1)")
    other.close()


def test_alone_it_takes_thirty_milliseconds_and_never_rests(paced: Pace, watch: Watch) -> None:
    watch.seconds = 0.06
    work(paced)
    assert (paced.size, watch.rests) == (250, [])
    watch.seconds = 0.001
    for _ in range(4):
        work(paced)
    assert (paced.size, watch.rests) == (2000, [])


def test_while_somebody_else_writes_it_is_brief_and_rests(paced: Pace, watch: Watch) -> None:
    watch.seconds = 0.03
    work(paced)
    somebody_writes()
    work(paced)
    assert (paced.size, watch.rests) == (200, [0.012])
    work(paced)
    assert (paced.size, watch.rests) == (100, [0.012, 0.012])
    watch.now += 2.5
    work(paced)
    assert (paced.size, len(watch.rests)) == (100, 2)
