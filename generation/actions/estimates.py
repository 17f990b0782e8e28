"""What a run would take, before it is started: figures that were counted or measured, and none that were guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt
from statistics import variance
from typing import Any

from generation.actions.assignments import price_in
from generation.actions.chosen_parts import OWN, prices_of_parts
from generation.actions.prices import price_for
from generation.actions.prompts import texts_for
from generation.actions.sources import few, sources_in, stock_of
from generation.actions.starts import Wish, drawn
from generation.engine.price import Price
from generation.models import ModelPrice, Project
from generation.recipes import recipe
from generation.recipes.base import PromptText, Recipe, asks_model
from generation.recipes.projection import Outcome
from generation.recipes.projection import project as play
from generation.recipes.rehearsal import Stand
from generation.types import Draft, Stock, Usage

MICRO = 1_000_000
_PLAYED_ROWS = 500


@dataclass(frozen=True, slots=True)
class MeasuredCall:
    """What one call of a preview took, and which of the run's models it asked ("": its own)."""

    usage: Usage
    part: str = OWN


@dataclass(frozen=True, slots=True)
class MeasuredTask:
    """One task of a preview: its stage, what each of its calls took, and its drafts that admission would let pass."""

    stage: str
    calls: tuple[MeasuredCall, ...]
    kept: tuple[Draft, ...] = ()

    def cost(self, prices: Mapping[str, Price]) -> float:
        """Micro-units at these prices by part; a part without one of its own is the run's own model."""
        return float(sum(prices.get(call.part, prices[OWN]).cost(call.usage) for call in self.calls))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a preview's calls took on average, and each of its tasks."""

    calls: int
    tokens_in: float
    tokens_out: float
    seconds: float
    tasks: tuple[MeasuredTask, ...] = ()


@dataclass(frozen=True, slots=True)
class StageOutlook:
    """What a stage would take: measured `tasks` and their means, and how many calls the whole run would make of it."""

    stage: str
    measured: int
    calls: float
    tokens_in: float
    tokens_out: float
    kept: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """The run as its preview foretells it: calls and micro-units, how far the latter may be off, and stage by stage."""

    calls: float
    cost: float
    error: float
    stages: tuple[StageOutlook, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Calls from the recipe's own count; cost and time only where a preview was measured. Costs in `currency`.

    `cost` is the lowest and the highest: the recipe's least and most calls at the measured mix, widened by what so few
    measured tasks may be off. `likely` is the run played through with what was measured. `asks` says whether any model
    is asked.
    """

    stock: Stock
    calls: tuple[int, int]
    free: bool
    price: ModelPrice | None = None
    cost: tuple[Decimal, Decimal] | None = None
    seconds: tuple[float, float] | None = None
    measured: Measured | None = None
    likely: Decimal | None = None
    outlook: Outlook | None = None
    asks: bool = True

    @property
    def micro(self) -> tuple[int, int]:
        """The cost in micro-units; (0, 0) where it was not measured."""
        least, most = self.cost or (Decimal(0), Decimal(0))
        return int(least * MICRO), int(most * MICRO)

    @property
    def likely_micro(self) -> int | None:
        """The likely cost in micro-units."""
        return None if self.likely is None else int(self.likely * MICRO)

    def note(self) -> dict[str, Any]:
        """What a run keeps of it: `calls`, and `cost_micro`, `likely_micro` and `seconds` where they were measured."""
        kept: dict[str, Any] = {"calls": list(self.calls)}
        if self.cost is not None:
            kept["cost_micro"] = list(self.micro)
        if self.likely is not None:
            kept["likely_micro"] = self.likely_micro
        if self.seconds is not None:
            kept["seconds"] = list(self.seconds)
        return kept

    @property
    def currency(self) -> str:
        """The currency of cap and cost."""
        return self.price.currency if self.price else "USD"


def estimate(
    wish: Wish, *, stock: Stock, on: date, measured: Measured | None = None, stand: Stand | None = None,
    scale: float = 1.0, project: Project | None = None,
) -> Estimate:  # fmt: skip
    """The figures for a run that draws from `stock`.

    With a `stand` the run is played through on it, for the likely cost; `scale` is how many times as much the run draws
    from. `project` finds the prices that are its own.
    """
    made = recipe(wish.recipe)
    params = made.Params(**wish.params)
    calls, asks = made.planned_calls(params, stock), asks_model(made, params)
    free = not asks or wish.endpoint is None or wish.endpoint.offline
    if free or wish.endpoint is None:
        return Estimate(stock, calls, free=True, asks=asks)
    price = price_for(wish.endpoint, model=wish.model, on=on, project=project)
    if measured is None or not measured.calls:
        return Estimate(stock, calls, free=False, price=price)
    charged = _prices(wish, price, on=on, project=project)
    outlook = _outlook(stand, measured, charged or {OWN: Price()}, scale) if stand and measured.tasks else None
    expected = outlook.calls if outlook else 0.0
    least, most = (calls[0], calls[1]) if outlook is None else (min(calls[0], expected), max(calls[1], expected))
    return Estimate(
        stock, calls, free=False, price=price, cost=_range(charged, measured, outlook, least, most),
        seconds=(least * measured.seconds / wish.max_in_flight, most * measured.seconds / wish.max_in_flight),
        measured=measured, outlook=outlook,
        likely=Decimal(round(outlook.cost)) / MICRO if outlook and charged else None,
    )  # fmt: skip


def _prices(wish: Wish, own: ModelPrice | None, *, on: date, project: Project | None) -> dict[str, Price] | None:
    """The price of the run's own model and of each chosen part, in one currency; None when one is not known."""
    if own is None:
        return None
    theirs = prices_of_parts(project, chosen=wish.parts, currency=own.currency, on=on)
    return None if theirs is None else {OWN: price_in(own.snapshot()), **theirs}


def expect(
    project: Project, *, wish: Wish, on: date, measured: Measured | None = None, fields: Mapping[str, Any] | None = None
) -> Estimate:  # fmt: skip
    """The figures for the run as it would be started: what it draws from, counted, priced, and played through where a
    preview was measured. `fields` are those of `snapshot` where it was made. `StartRefusedError` when nothing is there.
    """
    kept = fields if fields is not None else drawn(project, wish=wish)
    stock = stock_of(kept)
    if measured is None or not measured.tasks:
        return estimate(wish, stock=stock, on=on, measured=measured, project=project)
    made, some = recipe(wish.recipe), few(kept, most=_PLAYED_ROWS)
    texts = texts_for(project, recipe=made, language=wish.language, versions=wish.versions)
    params = made.Params(**wish.params)
    stand = Stand(
        made, params, {slot: PromptText(text) for slot, (_version, text) in texts.items()},
        sources_in(project, fields=some), wish.language, wish.random_seed,
    )  # fmt: skip
    scale = (
        1.0 if made.goal(params) is not None else times_as_much(made, params=params, whole=stock, part=stock_of(some))
    )
    return estimate(wish, stock=stock, on=on, measured=measured, stand=stand, scale=scale, project=project)


def times_as_much(made: Recipe, *, params: Any, whole: Stock, part: Stock) -> float:
    """How many times as much the whole is of what the part has most of; where the run takes no more than so many rows,
    how many times as much it may ask."""
    if getattr(params, "most_rows", 0):
        much, some = (made.planned_calls(params, stock)[1] for stock in (whole, part))
        return much / some if some else 1.0
    pairs = [(whole.rows, part.rows), (whole.characters, part.characters), (whole.answers, part.answers)]
    return max([much / some for much, some in pairs if some] or [1.0])


def _range(
    prices: Mapping[str, Price] | None, measured: Measured, outlook: Outlook | None, least: float, most: float
) -> tuple[Decimal, Decimal] | None:
    if prices is None:
        return None
    if outlook is None or not outlook.calls:
        # The mean of the calls, each at its own tier; without them, at the tier of their mean.
        count = sum(len(task.calls) for task in measured.tasks)
        paid = Decimal(sum(task.cost(prices) for task in measured.tasks))
        means = Usage(round(measured.tokens_in), round(measured.tokens_out))
        one = paid / count if count else Decimal(prices[OWN].cost(means))
        return Decimal(least) * one / MICRO, Decimal(most) * one / MICRO
    one = Decimal(outlook.cost / outlook.calls)
    off = Decimal(outlook.error / outlook.cost) if outlook.cost else Decimal(0)
    low, high = Decimal(least) * one * max(Decimal(0), 1 - off), Decimal(most) * one * (1 + off)
    return low / MICRO, high / MICRO


def _outlook(stand: Stand, measured: Measured, prices: Mapping[str, Price], scale: float) -> Outlook | None:
    """The run played through: how often each measured task would come, and what all of them would cost."""
    by_stage: dict[str, list[MeasuredTask]] = {}
    for task in measured.tasks:
        by_stage.setdefault(task.stage, []).append(task)
    outcomes = {
        stage: [Outcome(len(task.calls), task.kept) for task in tasks] for stage, tasks in by_stage.items()
    }  # fmt: skip
    played = play(stand, outcomes)
    times = {stage: [count * scale / played.share for count in drawn] for stage, drawn in played.drawn.items()}
    stages, cost, doubt = [], 0.0, 0.0
    for stage, tasks in by_stage.items():
        costs = [task.cost(prices) for task in tasks]
        cost += sum(each * count for each, count in zip(costs, times[stage], strict=True))
        if len(costs) > 1:
            doubt += sum(times[stage]) ** 2 * variance(costs) / len(costs)
        stages.append(_stage(stage, tasks, times[stage]))
    calls = sum(each.calls for each in stages)
    return Outlook(calls, cost, sqrt(doubt), tuple(stages)) if calls else None


def _stage(name: str, tasks: Sequence[MeasuredTask], times: Sequence[float]) -> StageOutlook:
    usages = [call.usage for task in tasks for call in task.calls]
    calls = sum(len(task.calls) * count for task, count in zip(tasks, times, strict=True))
    read, written = (sum(getattr(usage, kind) for usage in usages) for kind in ("prompt_tokens", "completion_tokens"))
    kept = sum(len(task.kept) for task in tasks) / len(tasks)
    return StageOutlook(
        name, len(tasks), calls, read / len(usages) if usages else 0.0, written / len(usages) if usages else 0.0, kept
    )  # fmt: skip
