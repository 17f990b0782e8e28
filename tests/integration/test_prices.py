"""Prices are dated, have a source, and are written down by people where the shipped list does not know them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from generation.actions.assignments import price_in
from generation.actions.endpoints import create_endpoint
from generation.actions.prices import known_prices, load_prices, price_for, set_price
from generation.models import AuditEntry, Endpoint, ModelPrice
from generation.types import Usage
from tests.cast import NOW, make_cast

pytestmark = pytest.mark.django_db

TODAY = date(2026, 12, 1)
FORM = {
    "do": "price", "model": "m-1", "currency": "CNY", "input_price": "2", "output_price": "12", "cached_price": "0.4",
    "thinking_price": "", "batch_share": "0.5", "tiers": "256000 8.00 48.00\n512000, 9, 50, 1, 60",
    "valid_from": "2026-06-08", "source": "offer no. 7",
}  # fmt: skip


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def mine(cast):
    return create_endpoint(
        cast.project, kind="openai_compatible", by=cast.alice, now=NOW, name="Mine", base_url="https://example.org/v1"
    )


def shipped(base_url: str, model: str) -> ModelPrice:
    load_prices()
    found = price_for(Endpoint(base_url=base_url), model=model, on=TODAY)
    assert found is not None
    return found


def test_shipped_prices_have_tiers_a_source_and_a_day():
    plus = shipped("https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen3.6-plus")
    assert (plus.currency, plus.input_price, plus.output_price) == ("CNY", 2, 12)
    price = price_in(plus.snapshot())
    assert price.cost(Usage(256_000, 0)) == 512_000
    assert price.cost(Usage(256_001, 0)) == 2_048_008
    gpt = shipped("https://api.openai.com/v1", "gpt-4o-mini-2024-07-18")
    assert (gpt.currency, gpt.cached_price, gpt.batch_share) == ("USD", Decimal("0.0750"), Decimal("0.5000"))
    assert not ModelPrice.objects.filter(source="").exists()


def test_a_shipped_price_that_changed_is_mended_and_peoples_own_is_not(mine):
    load_prices()
    ModelPrice.objects.filter(model="gpt-4o").update(input_price=99, tiers=[])
    set_price(mine, model="x", currency="USD", input_price=Decimal(1), output_price=Decimal(1), source="me", on=TODAY)
    assert load_prices() == 1
    assert ModelPrice.objects.get(model="gpt-4o").input_price == Decimal("2.5")
    assert ModelPrice.objects.get(model="x").input_price == 1


def test_an_owner_writes_a_price_down_and_its_history_is_kept(cast, mine, client):
    client.force_login(cast.alice)
    url = f"/p/poems/endpoints/{mine.pk}/prices"
    assert client.post(url, FORM).status_code == 302
    assert client.post(url, FORM | {"valid_from": "2026-09-01", "input_price": "3", "tiers": ""}).status_code == 302
    assert [price.input_price for price in known_prices(mine, project=cast.project)] == [3, 2]
    assert price_for(mine, model="m-1", on=date(2026, 7, 1)).input_price == 2
    old = price_for(mine, model="m-1", on=date(2026, 7, 1))
    assert old.tiers == [
        {"above": 256000, "input": "8.00", "output": "48.00"},
        {"above": 512000, "input": "9", "output": "50", "cached": "1", "thinking": "60"},
    ]
    page = client.get(url).text
    assert page.count("offer no. 7") == 2
    client.post(url, {"do": "forget", "price": old.pk})
    assert price_for(mine, model="m-1", on=date(2026, 7, 1)) is None
    assert AuditEntry.objects.get(action="price.forgotten").detail["input"] == "2.0000"


@pytest.mark.parametrize(
    ("tiers", "sentence"),
    [("8 48", "begins with a number of tokens"), ("1000 x 2", "is no amount"),
     ("9 1 2\n9 2 3", "Shorter prompts come first"), ("1000 1e400 2", "is no amount"), ("1000 NaN 2", "is no amount")],
)  # fmt: skip
def test_tiers_that_make_no_sense_are_refused_in_words(cast, mine, client, tiers, sentence):
    client.force_login(cast.alice)
    page = client.post(f"/p/poems/endpoints/{mine.pk}/prices", FORM | {"tiers": tiers})
    assert page.status_code == 422
    assert sentence in page.text
    assert not ModelPrice.objects.filter(model="m-1").exists()


def test_at_an_endpoint_of_the_installation_a_price_is_one_projects_alone(cast, client):
    endpoint = Endpoint.objects.create(
        name="OpenAI", kind="openai_compatible", base_url="https://api.openai.com/v1", created_at=NOW,
        models_listed=["gpt-4o-mini", "own-model"],
    )  # fmt: skip
    client.force_login(cast.alice)
    url = f"/p/poems/endpoints/{endpoint.pk}/prices"
    assert "Write it down" in client.get(url).text
    client.post(url, FORM | {"model": "own-model"})
    assert price_for(endpoint, model="own-model", on=TODAY, project=cast.project).input_price == 2
    assert price_for(endpoint, model="own-model", on=TODAY, project=cast.other_project) is None
    foreign = ModelPrice.objects.get(model="own-model")
    client.force_login(cast.mallory)
    there = f"/p/secrets/endpoints/{endpoint.pk}/prices"
    assert "offer no. 7" not in client.get(there).text
    assert client.post(there, {"do": "forget", "price": foreign.pk}).status_code == 404
    client.force_login(cast.dave)
    assert client.post(url, FORM).status_code == 403
