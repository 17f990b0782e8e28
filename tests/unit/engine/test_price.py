"""Tokens are billed at the tier that a prompt falls into, and what is kept back is never too little."""

from __future__ import annotations

import random

import pytest

from generation.engine.price import NO_PRICE, Price, Tier
from generation.types import Usage

MILLION = 1_000_000
QWEN = Price((Tier(2 * MILLION, 12 * MILLION), Tier(8 * MILLION, 48 * MILLION, above=256_000)))
MAX = Price(
    (
        Tier(1_200_000, 6_000_000, cached=240_000, thinking=9_000_000),
        Tier(2_400_000, 12_000_000, above=32_000),
        Tier(3_000_000, 15_000_000, cached=600_000, above=128_000),
    )
)


@pytest.mark.parametrize(
    ("price", "usage", "micro"),
    [
        (NO_PRICE, Usage(1000, 1000), 0),
        (Price.flat(150_000, 600_000), Usage(1000, 500), 450),
        (Price.flat(150_000, 600_000), Usage(1, 0), 1),  # a part of a micro-unit is rounded up
        (QWEN, Usage(256_000, 1000), 512_000 + 12_000),
        (QWEN, Usage(256_001, 1000), 2_048_008 + 48_000),
        (MAX, Usage(1000, 1000, cached_tokens=400, thinking_tokens=300), 720 + 96 + 4200 + 2700),
        (MAX, Usage(40_000, 1000, cached_tokens=400, thinking_tokens=300), 96_000 + 12_000),
        (MAX, Usage(1000, 10, cached_tokens=9000), 240 + 60),  # never more cached than read
        (QWEN.batched(500_000), Usage(1000, 1000), 7_000),
    ],
)
def test_a_call_costs_what_its_tier_says(price: Price, usage: Usage, micro: int) -> None:
    assert price.cost(usage) == micro


def test_what_is_kept_back_covers_every_call_that_keeps_within_it() -> None:
    rng = random.Random(7)
    steep = Price((Tier(9 * MILLION, MILLION), Tier(MILLION, 2 * MILLION, cached=3 * MILLION, above=1000)))
    for price in (QWEN, MAX, steep, MAX.batched(500_000), Price.flat(1, 7)):
        for _ in range(300):
            most_in, most_out = rng.randrange(400_000), rng.randrange(5000)
            read, written = rng.randint(0, most_in), rng.randint(0, most_out)
            usage = Usage(
                read, written, cached_tokens=rng.randint(0, read), thinking_tokens=rng.randint(0, written)
            )  # fmt: skip
            assert price.cost(usage) <= price.most(most_in, most_out)
