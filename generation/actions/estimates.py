"""What a run would take, before it is started: figures that were counted or measured, and none that were guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from generation.actions.prices import price_for
from generation.actions.starts import Wish
from generation.models import ModelPrice
from generation.recipes import recipe
from generation.types import Stock


@dataclass(frozen=True, slots=True)
class Measured:
    """What a preview's calls took on average."""

    calls: int
    tokens_in: float
    tokens_out: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """Calls from the recipe's own count; cost and time only where a preview was measured. Costs in `currency`."""

    stock: Stock
    calls: tuple[int, int]
    free: bool
    price: ModelPrice | None = None
    cost: tuple[Decimal, Decimal] | None = None
    seconds: tuple[float, float] | None = None
    measured: Measured | None = None

    @property
    def micro(self) -> tuple[int, int]:
        """The cost in micro-units; (0, 0) where it was not measured."""
        least, most = self.cost or (Decimal(0), Decimal(0))
        return int(least * 1_000_000), int(most * 1_000_000)

    def note(self) -> dict[str, Any]:
        """What a run keeps of it: `calls`, and `cost_micro` and `seconds` where they were measured, least and most."""
        kept: dict[str, Any] = {"calls": list(self.calls)}
        if self.cost is not None:
            kept["cost_micro"] = list(self.micro)
        if self.seconds is not None:
            kept["seconds"] = list(self.seconds)
        return kept

    @property
    def currency(self) -> str:
        """The currency of cap and cost."""
        return self.price.currency if self.price else "USD"


def estimate(wish: Wish, *, stock: Stock, on: date, measured: Measured | None = None) -> Estimate:
    """The figures for a run that draws from `stock`."""
    made = recipe(wish.recipe)
    calls = made.planned_calls(made.Params(**wish.params), stock)
    free = not made.needs_model or wish.endpoint is None or wish.endpoint.offline
    if free or wish.endpoint is None:
        return Estimate(stock, calls, free=True)
    price = price_for(wish.endpoint, model=wish.model, on=on)
    if measured is None or not measured.calls:
        return Estimate(stock, calls, free=False, price=price)
    least, most = calls
    seconds = tuple(count * measured.seconds / wish.max_in_flight for count in (least, most))
    cost = None
    if price is not None:
        one = Decimal(measured.tokens_in) * price.input_price + Decimal(measured.tokens_out) * price.output_price
        cost = (least * one / 1_000_000, most * one / 1_000_000)
    return Estimate(
        stock, calls, free=False, price=price, cost=cost, seconds=(seconds[0], seconds[1]), measured=measured
    )
