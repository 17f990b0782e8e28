"""Which sources a run may be started on: those that were asked for, in order, without those that cannot answer.

A source whose key is missing is passed over for the next one, and the run says so. Costs are kept in one currency: a
source that bills in another is reckoned at a rate that is fixed when the run starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from fdc_project import env
from generation.actions.endpoint_views import endpoint_view
from generation.actions.endpoints import INSTALLED
from generation.actions.model_abilities import endpoint_view_without_key
from generation.actions.prices import price_for
from generation.actions.run_sources import SKIPPED, held
from generation.models import Endpoint, ModelPrice, Project, Run, RunEvent
from generation.providers.chat_wire import house
from generation.providers.offline import MODEL as OFFLINE_MODEL
from generation.secrets import SealError

Asked = tuple[Endpoint, str]


class NoSourceError(Exception):
    """No run can be started on these sources. `code` says why, in the words of `START_FAULTS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Considered:
    """A source that was asked for, and why it cannot be used ("" when it can)."""

    endpoint: Endpoint
    model: str
    fault: str = ""


def automatic(project: Project) -> list[Asked]:
    """The endpoints that the environment has keys for, in the configured order, each with the first model it lists."""
    rows = {each.environment: each for each in Endpoint.objects.usable_in(project).exclude(environment="")}
    names = [INSTALLED[name][0] for name in env.provider_order() if name in INSTALLED]
    found = [rows[variable] for variable in names if variable in rows]
    return [(each, each.models_listed[0]) for each in found if each.models_listed and not _fault(each)]


def consider(project: Project, *, asked: Sequence[Asked]) -> Iterator[Considered]:
    """Each source with what speaks against it: "unusable_endpoint", "no_key" or "no_model"."""
    usable = set(Endpoint.objects.usable_in(project).values_list("pk", flat=True))
    for endpoint, model in asked:
        fault = "unusable_endpoint" if endpoint.pk not in usable else _fault(endpoint)
        if not fault and not model and not endpoint.offline:
            fault = "no_model"
        yield Considered(endpoint, model, fault)


def _fault(endpoint: Endpoint) -> str:
    """Whether a key is needed and missing."""
    try:
        view = endpoint_view(endpoint)
    except SealError:
        return "no_key"
    return "no_key" if not endpoint.offline and house(view).needs_key and not view.key else ""


def source_fields(project: Project, *, asked: Sequence[Asked], budget: bool, now: datetime) -> dict[str, Any]:
    """The run's fields: endpoint, model, price, and what stands by. `NoSourceError` when nothing is left to ask.

    A `budget` without a price would be a promise that nobody can keep, so every source must have one.
    """
    if not asked:
        raise NoSourceError("no_endpoint")
    considered = list(consider(project, asked=asked))
    able = [each for each in considered if not each.fault]
    if not able:
        raise NoSourceError(considered[0].fault if len(considered) == 1 else "no_source")
    first, *others = able
    if first.endpoint.offline:
        return {"endpoint": first.endpoint, "model": OFFLINE_MODEL, "offline": True}
    if any(each.endpoint.offline for each in others):
        raise NoSourceError("offline_fallback")
    prices = [price_for(each.endpoint, model=each.model, on=now.date(), project=project) for each in able]
    if budget and None in prices:
        raise NoSourceError("unknown_price")
    fields: dict[str, Any] = {"endpoint": first.endpoint, "model": first.model}
    own, *theirs = prices
    if own is not None:
        fields |= {
            "currency": own.currency, "input_price": own.input_price, "output_price": own.output_price,
            "price": own.snapshot(),
        }  # fmt: skip
    currency = own.currency if own else "USD"
    kept = zip(others, theirs, strict=True)
    fields["fallbacks"] = [kept_source(each, price=price, currency=currency) for each, price in kept]
    return fields


def kept_source(source: Considered, *, price: ModelPrice | None, currency: str) -> dict[str, Any]:
    """What a run keeps of a source that is not its own: its price, and the rate to the run's currency."""
    return {
        "endpoint": source.endpoint.pk, "model": source.model, "price": price.snapshot() if price else {},
        "rate": str(rate(price.currency, to=currency)) if price else "1",
    }  # fmt: skip


def rate(of: str, *, to: str) -> Decimal:
    """How much one unit of a currency is in another, as the installation reckons it."""
    yuan: Decimal = settings.CNY_PER_USD
    return {("USD", "CNY"): yuan, ("CNY", "USD"): (1 / yuan).quantize(Decimal("0.00000001"))}.get((of, to), Decimal(1))


def offers_batch(endpoint: Endpoint, *, batch: str) -> bool:
    """Whether the endpoint takes batches of this kind, as far as its address and preset say."""
    view = endpoint_view_without_key(endpoint)
    if batch == Run.Batching.HELD:
        return held(view).base_url != view.base_url
    return endpoint.kind == "openai_compatible" and not house(view).local


def note_skipped(run: Run, *, asked: Sequence[Asked], now: datetime) -> None:
    """Has the run say which of the sources that were asked for it passed over, and why."""
    for each in consider(run.project, asked=asked):
        if each.fault:
            told = {"endpoint": each.endpoint.pk, "name": each.endpoint.name, "model": each.model}
            RunEvent.objects.create(run=run, at=now, kind=SKIPPED, detail={"source": told, "reason": each.fault})
