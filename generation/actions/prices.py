"""What models cost: the shipped list, and the price that is in force for an endpoint's model."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q, QuerySet

from generation.actions.audit import audit
from generation.models import Endpoint, ModelPrice, Person, Project

SHIPPED = Path(__file__).resolve().parent.parent / "prices.json"
_PROVIDERS = (
    ("api.openai.com", "openai"),
    ("dashscope-intl.aliyuncs.com", "dashscope-intl"),
    ("dashscope.aliyuncs.com", "dashscope"),
    ("api.deepseek.com", "deepseek"),
    ("qianfan.baidubce.com", "qianfan"),
)
_TERMS = ("input_price", "output_price", "cached_price", "thinking_price", "batch_share", "tiers", "source")
_DATED = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")


def provider_of(base_url: str) -> str:
    """The provider's name in the price list; for an address that is not known, its host and port."""
    address = urlsplit(base_url)
    for host, name in _PROVIDERS:
        if address.hostname == host:
            return name
    return address.netloc.rpartition("@")[2][:40]


class Terms(TypedDict, total=False):
    """What a price may say besides its two amounts."""

    cached_price: Decimal | None
    thinking_price: Decimal | None
    batch_share: Decimal | None
    tiers: list[dict[str, Any]]


def price_for(endpoint: Endpoint, *, model: str, on: date, project: Project | None = None) -> ModelPrice | None:
    """The newest price of `model` at this endpoint on that day: the project's before the endpoint's own before a
    shipped one. A dated model name falls back to the plain one."""
    for name in dict.fromkeys((model, _DATED.sub("", model))):
        rows = known_prices(endpoint, project=project).filter(model=name, valid_from__lte=on)
        if price := rows.first():
            return price
    return None


def known_prices(endpoint: Endpoint, *, project: Project | None = None) -> QuerySet[ModelPrice]:
    """Every price that holds or held at this endpoint for this project, the one that comes first in force first."""
    own = Q(endpoint_id=endpoint.pk or 0) & (Q(project=None) | Q(project=project))
    known = own | Q(endpoint=None, provider=provider_of(endpoint.base_url))
    return ModelPrice.objects.filter(known).order_by(
        F("project").asc(nulls_last=True), F("endpoint").asc(nulls_last=True), "-valid_from", "-id"
    )


@transaction.atomic
def set_price(
    endpoint: Endpoint, *, model: str, currency: str, input_price: Decimal, output_price: Decimal, source: str,
    on: date, project: Project | None = None, **terms: Unpack[Terms],
) -> ModelPrice:  # fmt: skip
    """Writes down what a model costs at this endpoint from `on`, per million tokens read and written.

    At an endpoint of the whole installation it holds for `project` alone. The same day again corrects it.
    """
    bare: dict[str, Any] = {"cached_price": None, "thinking_price": None, "batch_share": None, "tiers": []}
    price, _ = ModelPrice.objects.update_or_create(
        endpoint=endpoint,
        project=project if endpoint.project_id is None else None,
        model=model,
        currency=currency,
        valid_from=on,
        defaults={
            "provider": provider_of(endpoint.base_url),
            "input_price": input_price,
            "output_price": output_price,
            "source": source,
            **bare,
            **terms,
        },
    )
    return price


@transaction.atomic
def forget_price(price: ModelPrice, *, by: Person, project: Project, now: datetime) -> None:
    """Takes away a price that people set; the one before it is in force again. Runs keep what they started with."""
    audit("price.forgotten", by=by, now=now, project=project, subject=f"price:{price.pk}", **price.snapshot())
    price.delete()


@transaction.atomic
def load_prices() -> int:
    """Adds the shipped prices that are not there yet, mends those that are and differ, and returns how many; prices set
    by people stay as they are."""
    shipped = [
        _shipped(group, model, terms)
        for group in json.loads(SHIPPED.read_text(encoding="utf-8"))["lists"]
        for model, terms in group["prices"].items()
    ]
    there = {_key(price): price for price in ModelPrice.objects.filter(endpoint=None)}
    new = [price for price in shipped if _key(price) not in there]
    ModelPrice.objects.bulk_create(new, ignore_conflicts=True)
    changed = []
    for price in shipped:
        old = there.get(_key(price))
        if old is not None and any(getattr(old, name) != getattr(price, name) for name in _TERMS):
            for name in _TERMS:
                setattr(old, name, getattr(price, name))
            changed.append(old)
    ModelPrice.objects.bulk_update(changed, _TERMS)
    return len(new) + len(changed)


def _shipped(group: Mapping[str, Any], model: str, terms: Mapping[str, Any]) -> ModelPrice:
    optional = {"cached_price": "cached", "thinking_price": "thinking", "batch_share": "batch_share"}
    return ModelPrice(
        provider=group["provider"], model=model, currency=group["currency"], source=group["source"],
        valid_from=date.fromisoformat(group["valid_from"]), input_price=Decimal(terms["input"]),
        output_price=Decimal(terms["output"]), tiers=terms.get("tiers", []),
        **{name: Decimal(terms[key]) for name, key in optional.items() if key in terms},
    )  # fmt: skip


def _key(price: ModelPrice) -> tuple[Any, ...]:
    return price.provider, price.model, price.currency, price.valid_from
