"""The sources of a run: the one that it was started with, those that stand by, the move from one to the next, and
those of its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from generation.actions.assignments import price_in, price_of
from generation.actions.endpoint_views import endpoint_view
from generation.actions.model_abilities import abilities_of, ability_row
from generation.engine.pacing import Pacer
from generation.engine.price import NO_PRICE, Price
from generation.engine.source import Source
from generation.models import Endpoint, ModelAbility, Run, RunEvent
from generation.providers import open_provider
from generation.providers.addresses import Policy
from generation.providers.base import EndpointView
from generation.providers.chat_wire import thinking_budget

SWITCHED, SKIPPED = "source.switched", "source.skipped"
_HELD_SECONDS = 3600.0
_HELD_HOSTS = {"dashscope.aliyuncs.com": "batch.dashscope.aliyuncs.com"}
"""Where DashScope answers the same calls at half the price, whenever it has time: Beijing only."""
_WHOLE = 1_000_000


class PartGoneError(Exception):
    """The endpoint of one of the run's parts is there no more."""


@dataclass(frozen=True, slots=True)
class Place:
    """One source before it is opened: an endpoint with its key, a model, and what is known of both."""

    view: EndpointView
    endpoint: Endpoint | None
    model: str
    price: Price
    ability: ModelAbility | None
    deadline: float


def places_of(run: Run) -> list[Place]:
    """The run's own source and those that stand by, in order. `SealError` for a damaged key."""
    places = [_place(run, run.endpoint, run.model, price_of(run), kept=run.price)]
    rows = Endpoint.objects.in_bulk([each["endpoint"] for each in run.fallbacks])
    places += [_kept_place(run, rows[each["endpoint"]], each) for each in run.fallbacks if each["endpoint"] in rows]
    return places


def parts_of(run: Run) -> dict[str, Place]:
    """The sources of the run's parts by name; `PartGoneError` without its endpoint, `SealError` for a damaged key."""
    rows = Endpoint.objects.in_bulk([each["endpoint"] for each in run.parts.values()])
    for name, each in run.parts.items():
        if each["endpoint"] not in rows:
            raise PartGoneError(f"{name}: {each['model']}")
    return {name: _kept_place(run, rows[each["endpoint"]], each) for name, each in run.parts.items()}


def _kept_place(run: Run, endpoint: Endpoint, kept: Mapping[str, Any]) -> Place:
    price = price_in(kept["price"], rate=kept["rate"]) if kept.get("price") else NO_PRICE
    return _place(run, endpoint, kept["model"], price, kept=kept["price"])


def _place(run: Run, endpoint: Endpoint | None, model: str, price: Price, *, kept: Mapping[str, Any]) -> Place:
    view = endpoint_view(endpoint, thinking=run.thinking)
    deadline = float(endpoint.timeout_seconds) if endpoint else 120.0
    if run.batch and price.tiers:
        price = price.batched(share_of(kept))
    if run.batch == Run.Batching.HELD:
        view, deadline = held(view), _HELD_SECONDS
    return Place(view, endpoint, model, price, ability_row(endpoint, model=model), deadline)


def share_of(price: Mapping[str, Any]) -> int:
    """What a batch costs of the price of a call, in millionths; all of it where nobody knows better."""
    given = price.get("batch_share")
    return int(Decimal(given) * _WHOLE) if given else _WHOLE


def held(view: EndpointView) -> EndpointView:
    """The same endpoint where it holds calls until it has time for them."""
    address = str(view.options.get("batch_base_url") or view.base_url)
    for host, other in _HELD_HOSTS.items():
        address = address.replace(f"//{host}/", f"//{other}/")
    return replace(view, base_url=address, timeout=_HELD_SECONDS)


def open_source(place: Place, *, policy: Policy, open_pacer: Callable[[], Pacer]) -> Source:
    """The source, to be used and closed in one event loop."""
    view, endpoint = place.view, place.endpoint
    return Source(
        model=place.model,
        provider=open_provider(view, policy),
        open_pacer=open_pacer,
        price=place.price,
        deadline=place.deadline,
        endpoint=endpoint.pk if endpoint else None,
        abilities=abilities_of(endpoint, row=place.ability),
        allowance=thinking_budget(view) if view.thinking else 0,
        manner="" if view.thinking is None else f"thinking={view.thinking}",
    )


@transaction.atomic
def switch_source(run_id: int, *, at: int, kind: str, detail: str, now: datetime) -> int:
    """Moves a running run from its source `at` to the next, once; the place of the one in force afterwards."""
    run = Run.objects.select_for_update().get(pk=run_id)
    if run.state == Run.State.RUNNING and run.source_at == at and at < len(run.fallbacks):
        run.source_at = at + 1
        run.save(update_fields=["source_at"])
        told = {"from": source_name(run, at=at), "to": source_name(run, at=at + 1), "reason": kind, "detail": detail}
        RunEvent.objects.create(run=run, at=now, kind=SWITCHED, detail=told)
    return run.source_at


def source_name(run: Run, *, at: int) -> dict[str, Any]:
    """A source as an event names it: endpoint id and name, and model."""
    if at == 0:
        endpoint, model = run.endpoint, run.model
    else:
        kept = run.fallbacks[at - 1]
        endpoint, model = Endpoint.objects.filter(pk=kept["endpoint"]).first(), kept["model"]
    return {"endpoint": endpoint.pk if endpoint else None, "name": endpoint.name if endpoint else "", "model": model}


def part_asked(run: Run, *, endpoint: int | None, model: str) -> str:
    """The first part of the run that has this model there; "" where none has."""
    found = (name for name, each in run.parts.items() if (each["endpoint"], each["model"]) == (endpoint, model))
    return next(found, "")
