"""Who is tried again, and when."""

from __future__ import annotations

import random

from generation.engine.ledger import Limits
from generation.engine.retries import Again, next_try
from generation.providers.base import ProviderError

LIMITS = Limits()


def after(error: ProviderError, *, failures: int = 0, refusals: int = 0) -> Again | None:
    return next_try(error, failures=failures, refusals=refusals, limits=LIMITS, rng=random.Random(1))


def test_a_server_error_is_tried_three_more_times() -> None:
    error = ProviderError("server_error")
    assert [after(error, failures=count) is not None for count in range(5)] == [True, True, True, False, False]


def test_a_permanent_failure_is_final() -> None:
    assert after(ProviderError("bad_request", permanent=True)) is None


def test_what_stops_the_run_is_not_tried_again() -> None:
    assert after(ProviderError("no_credit", stops_run=True)) is None


def test_f01_a_refusal_for_rate_does_not_use_up_the_tries() -> None:
    assert after(ProviderError("rate_limited"), failures=99) is not None
    assert after(ProviderError("rate_limited"), refusals=LIMITS.rate_limit_retries) is None


def test_f01_the_wait_that_the_server_asks_for_is_kept_up_to_ten_minutes() -> None:
    asked = after(ProviderError("rate_limited", retry_after=7.0))
    absurd = after(ProviderError("rate_limited", retry_after=1e9))
    negative = after(ProviderError("rate_limited", retry_after=-5.0))
    assert asked is not None
    assert absurd is not None
    assert negative is not None
    assert 7.0 <= asked.wait <= 7.2
    assert 600.0 <= absurd.wait <= 600.2
    assert 0.0 <= negative.wait <= 0.2


def test_waits_grow_with_full_jitter_and_end_at_a_minute() -> None:
    rng = random.Random(3)
    error = ProviderError("rate_limited")
    for tries in range(20):
        again = next_try(error, failures=0, refusals=min(tries, 19), limits=LIMITS, rng=rng)
        assert again is not None
        assert 0 <= again.wait <= min(60.0, 2**tries)
