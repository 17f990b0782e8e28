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
    """The recipe with the run's params, texts, model, price and limits, as they were when it was started."""
    made = recipe(run.recipe)
    return Assignment(
        recipe=made,
        params=made.Params(**run.params),
        prompts={slot: PromptText(text) for slot, text in run.template_texts.items()},
        language=run.language,
        model=run.model,
        price=price_of(run),
        limits=limits_of(run),
        reuse=run.reuse and not run.offline,
    )


def price_of(run: Run) -> Price:
    """The run's price in micro-units; nothing where no model is asked, or where nobody knew the price."""
    if run.offline or run.input_price is None or run.output_price is None:
        return NO_PRICE
    return price_in(run.price or {"input": run.input_price, "output": run.output_price})


def price_in(kept: Mapping[str, Any]) -> Price:
    """The price in a snapshot as `ModelPrice.snapshot` makes it."""
    return Price(tuple(_tier(each) for each in ({"above": 0, **kept}, *kept.get("tiers", ()))))


def _tier(kept: Mapping[str, Any]) -> Tier:
    read, written, cached, thought = (_micro(kept.get(name)) for name in ("input", "output", "cached", "thinking"))
    return Tier(read or 0, written or 0, cached, thought, int(kept.get("above") or 0))


def limits_of(run: Run) -> Limits:
    """In flight at most what both the run and its endpoint allow; the endpoint's timeout is a call's whole deadline."""
    endpoint: Endpoint | None = run.endpoint
    if endpoint is None:
        return Limits(max_in_flight=run.max_in_flight, deadline=_UNHURRIED)
    return Limits(
        max_in_flight=min(run.max_in_flight, endpoint.max_in_flight), deadline=float(endpoint.timeout_seconds)
    )


def _micro(price: Decimal | str | None) -> int | None:
    return None if price is None else int(Decimal(price) * MICRO)
