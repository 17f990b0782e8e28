"""Rates are taken together or not at all, and concurrency follows what the server says."""

from __future__ import annotations

import pytest

from generation.engine.pacing import Concurrency, Rates


def taken(rates: Rates, *, tokens: int, seconds: float, step: float = 0.01) -> int:
    """How many calls are let in over so many seconds, if they come as fast as they may."""
    count, now = 0, 1000.0
    while now < 1000.0 + seconds:
        if rates.take(tokens, now) == 0.0:
            count += 1
        else:
            now += step
    return count


def test_requests_per_minute_are_kept_with_a_burst_of_one_second() -> None:
    assert taken(Rates(requests_per_minute=600), tokens=1, seconds=60) in range(600, 612)


def test_tokens_per_minute_are_kept() -> None:
    assert taken(Rates(tokens_per_minute=60_000), tokens=100, seconds=60) in range(600, 612)


def test_the_tighter_of_both_limits_decides() -> None:
    assert taken(Rates(600, 6_000), tokens=100, seconds=60) in range(60, 63)


def test_a_refused_call_moves_neither_meter() -> None:
    rates = Rates(requests_per_minute=60, tokens_per_minute=60_000)
    assert rates.take(100, 10.0) == 0.0
    before = (rates.next_request, rates.next_token)
    assert rates.take(100, 10.0) > 0
    assert (rates.next_request, rates.next_token) == before


def test_a_call_larger_than_the_burst_is_let_in_when_nothing_is_owed() -> None:
    rates = Rates(tokens_per_minute=600)
    assert rates.take(5_000, 10.0) == 0.0
    assert rates.take(1, 10.0) == pytest.approx(500.0, abs=1)


def test_unused_tokens_come_back() -> None:
    rates = Rates(tokens_per_minute=600)
    rates.take(100, 10.0)
    rates.refund(100)
    assert rates.take(10, 10.0) == 0.0


def test_without_limits_nobody_waits() -> None:
    assert Rates().take(10**9, 0.0) == 0.0


def throttle(limit: Concurrency, times: int, *, epoch: int) -> None:
    for _ in range(times):
        limit.throttled(epoch, retry_after=2.0, now=100.0)


def test_a_burst_of_refusals_cuts_once_and_brakes_for_as_long_as_the_server_asks() -> None:
    limit = Concurrency(64)
    throttle(limit, 30, epoch=0)
    assert limit.limit == 48
    assert limit.epoch == 1
    assert limit.brake_until == 102.0


def test_refusals_of_calls_let_in_after_the_cut_cut_again_down_to_one() -> None:
    limit = Concurrency(64)
    for epoch in range(40):
        throttle(limit, 5, epoch=epoch)
    assert limit.limit == 1.0


def test_25_answers_let_one_more_call_in_up_to_the_ceiling() -> None:
    limit = Concurrency(4, limit=2.0)
    for _ in range(25):
        limit.succeeded()
    assert limit.limit == 3.0
    for _ in range(100):
        limit.succeeded()
    assert limit.limit == 4.0


def test_one_refusal_in_ten_slows_nobody_down() -> None:
    limit = Concurrency(64)
    for _ in range(100):
        for _ in range(9):
            limit.succeeded()
        limit.throttled(limit.epoch, retry_after=1.0, now=1.0)
    assert limit.limit == 64
    assert limit.brake_until == 0.0
