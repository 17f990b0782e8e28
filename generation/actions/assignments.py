"""A run's snapshot as what the engine works on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from generation.engine.driver import Assignment
from generation.engine.ledger import Limits
from generation.engine.price import NO_PRICE, Price, Tier
from generation.models import Endpoint, Run
from generation.recipes import recipe
from generation.recipes.base import PromptText

MICRO = 1_000_000
_UNHURRIED = 120.0


def assignment_of(run: Run) -> Assignment:
    """The recipe with the run's params, texts and limits, as they were when it was started."""
    made = recipe(run.recipe)
    return Assignment(
        recipe=made,
        params=made.Params(**run.params),
        prompts={slot: PromptText(text) for slot, text in run.template_texts.items()},
        language=run.language,
        limits=limits_of(run),
        reuse=run.reuse and not run.offline,
        batching=run.batch == Run.Batching.FILE,
        parts=None if run.offline else tuple(run.parts),
    )


def price_of(run: Run) -> Price:
    """The run's price in micro-units; nothing where no model is asked, or where nobody knew the price."""
    if run.offline or run.input_price is None or run.output_price is None:
        return NO_PRICE
    return price_in(run.price or {"input": run.input_price, "output": run.output_price})


def price_in(kept: Mapping[str, Any], *, rate: Decimal | str = "1") -> Price:
    """The price in a snapshot as `ModelPrice.snapshot` makes it; `rate` brings it into another currency."""
    return Price(tuple(_tier(each, Decimal(rate)) for each in ({"above": 0, **kept}, *kept.get("tiers", ()))))


def _tier(kept: Mapping[str, Any], rate: Decimal) -> Tier:
    names = ("input", "output", "cached", "thinking")
    read, written, cached, thought = (_micro(kept.get(name), rate) for name in names)
    return Tier(read or 0, written or 0, cached, thought, int(kept.get("above") or 0))


def limits_of(run: Run) -> Limits:
    """In flight at most what both the run and its endpoint allow; the endpoint's timeout is a call's whole deadline."""
    endpoint: Endpoint | None = run.endpoint
    if endpoint is None:
        return Limits(max_in_flight=run.max_in_flight, deadline=_UNHURRIED)
    return Limits(
        max_in_flight=min(run.max_in_flight, endpoint.max_in_flight), deadline=float(endpoint.timeout_seconds)
    )


def _micro(price: Decimal | str | None, rate: Decimal) -> int | None:
    return None if price is None else int(Decimal(price) * rate * MICRO)
