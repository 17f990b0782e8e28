"""What models cost: the shipped list, and the price that is in force for an endpoint's model."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import F, Q

from generation.models import Endpoint, ModelPrice

SHIPPED = Path(__file__).resolve().parent.parent / "prices.json"
_PROVIDERS = (
    ("api.openai.com", "openai"),
    ("dashscope-intl.aliyuncs.com", "dashscope-intl"),
    ("dashscope.aliyuncs.com", "dashscope"),
    ("api.deepseek.com", "deepseek"),
    ("qianfan.baidubce.com", "qianfan"),
)
_DATED = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")


def provider_of(base_url: str) -> str:
    """The provider's name in the price list; for an address that is not known, its host and port."""
    address = urlsplit(base_url)
    for host, name in _PROVIDERS:
        if address.hostname == host:
            return name
    return address.netloc.rpartition("@")[2][:40]


def price_for(endpoint: Endpoint, *, model: str, on: date) -> ModelPrice | None:
    """The newest price of `model` at this endpoint on that day: its own before a shipped one. A dated model name falls
    back to the plain one."""
    provider = provider_of(endpoint.base_url)
    for name in dict.fromkeys((model, _DATED.sub("", model))):
        known = Q(endpoint_id=endpoint.pk or 0) | Q(endpoint=None, provider=provider)
        rows = ModelPrice.objects.filter(known, model=name, valid_from__lte=on)
        if price := rows.order_by(F("endpoint").asc(nulls_last=True), "-valid_from", "-id").first():
            return price
    return None


@transaction.atomic
def set_price(
    endpoint: Endpoint, *, model: str, currency: str, input_price: Decimal, output_price: Decimal, source: str, on: date
) -> ModelPrice:
    """Writes down what a model costs at this endpoint from `on`, per million tokens read and written."""
    price, _ = ModelPrice.objects.update_or_create(
        endpoint=endpoint,
        model=model,
        currency=currency,
        valid_from=on,
        defaults={
            "provider": provider_of(endpoint.base_url),
            "input_price": input_price,
            "output_price": output_price,
            "source": source,
        },
    )
    return price


@transaction.atomic
def load_prices() -> int:
    """Adds the shipped prices that are not there yet and returns how many; prices set by people stay as they are."""
    shipped = [
        ModelPrice(
            provider=group["provider"],
            model=model,
            currency=group["currency"],
            input_price=Decimal(read),
            output_price=Decimal(written),
            source=group["source"],
            valid_from=date.fromisoformat(group["valid_from"]),
        )
        for group in json.loads(SHIPPED.read_text(encoding="utf-8"))["lists"]
        for model, (read, written) in group["prices"].items()
    ]
    before = ModelPrice.objects.count()
    ModelPrice.objects.bulk_create(shipped, ignore_conflicts=True)
    return ModelPrice.objects.count() - before
