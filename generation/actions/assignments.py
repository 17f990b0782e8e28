"""A run's snapshot as what the engine works on."""

from __future__ import annotations

from decimal import Decimal

from generation.engine.driver import Assignment
from generation.engine.ledger import Limits, Price
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
    )


def price_of(run: Run) -> Price:
    """Micro-units per million tokens; nothing where no model is asked."""
    if run.offline:
        return Price()
    return Price(_micro(run.input_price), _micro(run.output_price))


def limits_of(run: Run) -> Limits:
    """In flight at most what both the run and its endpoint allow; the endpoint's timeout is a call's whole deadline."""
    endpoint: Endpoint | None = run.endpoint
    if endpoint is None:
        return Limits(max_in_flight=run.max_in_flight, deadline=_UNHURRIED)
    return Limits(
        max_in_flight=min(run.max_in_flight, endpoint.max_in_flight), deadline=float(endpoint.timeout_seconds)
    )


def _micro(price: Decimal | None) -> int | None:
    return None if price is None else int(price * MICRO)
