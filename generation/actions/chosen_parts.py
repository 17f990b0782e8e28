"""Which further models a run asks besides its own: those that its recipe names as parts, each with a source of its own.

A part that nobody chose is answered by the run's own source. Rules answer every part of an offline run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from generation.actions.assignments import price_in
from generation.actions.chosen_sources import Asked, NoSourceError, consider, kept_source, rate
from generation.actions.prices import price_for
from generation.engine.price import Price
from generation.models import Project
from generation.recipes.base import Part, Recipe, parts

OWN = ""
"""How the run's own source is called among its parts."""


class PartRefusedError(NoSourceError):
    """No run can be started with this model for the part. `part` is its name."""

    def __init__(self, code: str, part: str) -> None:
        super().__init__(code)
        self.part = part


def part_fields(
    project: Project, *, recipe: Recipe, chosen: Mapping[str, Asked], own: Mapping[str, Any], budget: bool,
    on: date, trial: bool = False,
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """What a run keeps as its `parts`, beside the fields of its `own` source. `PartRefusedError` for one that does not
    do: "unknown_part", "part_missing", "same_model", "offline_part", or what speaks against any source.

    A `trial` of a prompt may do without the parts that a run needs.
    """
    known = {part.name: part for part in parts(recipe)}
    for name in chosen:
        if name not in known:
            raise PartRefusedError("unknown_part", name)
    if own.get("offline"):
        real = next((name for name, (endpoint, _model) in chosen.items() if not endpoint.offline), None)
        if real is not None:
            raise PartRefusedError("offline_part", real)
        return {}
    kept = {}
    for name, part in known.items():
        if name in chosen:
            kept[name] = _kept(project, part, chosen[name], own=own, budget=budget, on=on)
        elif part.required and not trial:
            raise PartRefusedError("part_missing", name)
    return kept


def _kept(
    project: Project, part: Part, asked: Asked, *, own: Mapping[str, Any], budget: bool, on: date
) -> dict[str, Any]:
    if asked[0].offline:
        raise PartRefusedError("offline_part", part.name)
    source = next(consider(project, asked=[asked]))
    if source.fault:
        raise PartRefusedError(source.fault, part.name)
    if part.unlike and alike(source.model, other=str(own["model"])):
        raise PartRefusedError("same_model", part.name)
    price = price_for(source.endpoint, model=source.model, on=on, project=project)
    if budget and price is None:
        raise PartRefusedError("unknown_price", part.name)
    return kept_source(source, price=price, currency=str(own.get("currency") or "USD"))


def alike(one: str, *, other: str) -> bool:
    """Whether two model ids name the same model, wherever it is served."""
    return one.strip().casefold() == other.strip().casefold()


def prices_of_parts(
    project: Project | None, *, chosen: Mapping[str, Asked], currency: str, on: date
) -> dict[str, Price] | None:
    """The price of each chosen part in the run's currency; None when one of them is not known."""
    found = {}
    for name, (endpoint, model) in chosen.items():
        price = price_for(endpoint, model=model, on=on, project=project)
        if price is None:
            return None
        found[name] = price_in(price.snapshot(), rate=rate(price.currency, to=currency))
    return found
