"""The order of the tests for several workers: each begins with its share of the long ones, so that none ends with one.

A worker takes one run of neighbours, and whoever is done steals from the end of another's: what stands there last
should be short.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

LONG = ("tests/faults/", "tests/journeys/")
T = TypeVar("T")


def takes_long(item: pytest.Item) -> bool:
    """Whether the test starts processes or a browser, or says itself that it is slow."""
    return item.nodeid.startswith(LONG) or item.get_closest_marker("slow") is not None


def spread(tests: Sequence[T], *, over: int, takes_long: Callable[[T], bool]) -> list[T]:
    """The same tests in `over` stretches of equal length, each of which begins with its share of the long ones."""
    long = [test for test in tests if takes_long(test)]
    short = [test for test in tests if not takes_long(test)]
    ordered: list[T] = []
    for at in range(over):
        size = (len(tests) - len(ordered)) // (over - at)
        share = long[at::over]
        filled, short = short[: max(0, size - len(share))], short[max(0, size - len(share)) :]
        ordered += share + filled
    return ordered + short


def in_good_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """As they are for one process, spread for several."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return spread(items, over=workers, takes_long=takes_long) if workers > 1 else list(items)
