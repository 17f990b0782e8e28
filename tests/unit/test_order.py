"""Long tests are spread over the workers, and every test is kept."""

from __future__ import annotations

import pytest

from tests.order import spread

TESTS = ["a", "b", "c", "LONG 1", "d", "LONG 2", "e", "LONG 3", "f"]


def test_each_worker_begins_with_a_long_test_and_ends_with_a_short_one():
    assert spread(TESTS, over=3, takes_long=lambda test: test.startswith("LONG")) == [
        "LONG 1", "a", "b", "LONG 2", "c", "d", "LONG 3", "e", "f"
    ]  # fmt: skip


@pytest.mark.parametrize("workers", [1, 2, 4, 20])
def test_no_test_is_lost_however_many_workers_there_are(workers):
    assert sorted(spread(TESTS, over=workers, takes_long=lambda test: test < "a")) == sorted(TESTS)
