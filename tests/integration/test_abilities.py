"""A test of the connection finds out what a model can do; a preset begins an endpoint; nothing stretches the time."""

from __future__ import annotations

import json
import time

import pytest

from generation.actions import connections
from generation.actions.endpoint_views import endpoint_view
from generation.actions.endpoints import create_endpoint
from generation.actions.model_abilities import abilities_of, ability_row, learn_ability
from generation.models import Endpoint, ModelAbility
from generation.providers.base import Ability
from generation.providers.presets import PRESETS, preset, preset_for
from tests.cast import NOW, make_cast
from tests.chat_server import Said, chat_server, refusal

pytestmark = pytest.mark.django_db
KEY = "ALTAK-very-secret-4711"


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def as_alice(client, cast):
    client.force_login(cast.alice)
    return client


def make(cast, base_url, **values) -> Endpoint:
    given = {"name": "Mine", "base_url": base_url} | values
    return create_endpoint(cast.project, kind="openai_compatible", by=cast.alice, now=NOW, key=KEY, **given)


def lm_studio(body, number):
    """Takes a schema or nothing, says no log probabilities, tells its limits."""
    form = body.get("response_format", {}).get("type")
    if form == "json_object":
        return refusal(400, "invalid", "'response_format.type' must be 'json_schema' or 'text'")
    if "tools" in body:
        return Said("No tools here.")
    headers = {"x-ratelimit-limit-requests": "500", "x-ratelimit-limit-tokens": "30000"}
    return Said('{"n": 1}' if form else "Yes", headers=headers)


def test_a_test_finds_the_rungs_of_the_ladder_and_the_limits_and_keeps_them(cast):
    with chat_server(lm_studio) as server:
        endpoint = make(cast, server.base_url)
        tested = connections.examine(endpoint, now=NOW)
    assert (tested.code, tested.model, tested.connection.models) == ("ok", "m-1", ["m-1"])
    row = ModelAbility.objects.get()
    assert (row.json_mode, row.facts["json_modes"], row.facts["usage"]) == ("schema", ["schema"], True)
    assert (row.facts["thinking"], row.facts["logprobs"]) == (False, False)
    assert row.detected == {"requests_per_minute": 500, "tokens_per_minute": 30000}
    assert row.tested_at == NOW
    assert KEY not in json.dumps([server.bodies, row.facts])


def test_refused_fields_thinking_and_logprobs_are_found_too(cast):
    def reasoner(body, number):
        if "max_tokens" in body:
            return refusal(400, "unsupported_parameter", "'max_tokens' is not supported; use 'max_completion_tokens'")
        more = {"logprobs": {"content": []}} if body.get("logprobs") else {}
        choice = {"message": {"content": "Yes", "reasoning_content": "Hm"}, "finish_reason": "stop", **more}
        return Said(body={"choices": [choice]})

    with chat_server(reasoner) as server:
        found = connections.examine(make(cast, server.base_url), now=NOW).found
    assert found is not None
    assert (found.omits, found.thinking, found.logprobs, found.usage) == (("max_tokens",), True, True, False)
    assert (found.json_modes, found.json_mode) == ((), "plain")


@pytest.mark.parametrize(
    ("said", "code"),
    [(refusal(401, "invalid_api_key"), "unauthorized"), (refusal(404, "model_not_found"), "not_found"),
     (refusal(429, "insufficient_quota"), "no_credit"), (Said(body=b"<html>"), "malformed_reply")],
)  # fmt: skip
def test_why_a_model_does_not_answer_is_said_and_nothing_is_kept(cast, said, code):
    with chat_server(lambda body, number: said) as server:
        assert connections.examine(make(cast, server.base_url), now=NOW).code == code
    assert not ModelAbility.objects.exists()


def test_headers_that_drip_for_ever_meet_the_time_limit(cast, monkeypatch):
    monkeypatch.setattr(connections, "MODEL_SECONDS", 0.4)
    monkeypatch.setattr(connections, "PROBE_SECONDS", 0.5)
    with chat_server(lambda body, number: Said(drip=0.02)) as server:
        endpoint = make(cast, server.base_url, models_listed=["m-1"])
        started = time.monotonic()
        assert connections.examine(endpoint, now=NOW).code == "timeout"
        assert time.monotonic() - started < 1.5


def test_what_a_drain_learns_only_goes_down_and_a_test_may_raise_it_again(cast):
    endpoint = make(cast, "https://example.org/v1")
    learn_ability(endpoint.pk, model="m", ability=Ability("tool", frozenset({"stop"})), limits={}, now=NOW)
    learn_ability(endpoint.pk, model="m", ability=Ability("object"), limits={"requests_per_minute": 9}, now=NOW)
    known = abilities_of(endpoint, row=ability_row(endpoint, model="m"))
    assert (known.now, known.limits) == (Ability("tool", frozenset({"stop"})), {"requests_per_minute": 9})
    found = connections.Found("ok", json_modes=("schema", "object"))
    connections.keep_found(endpoint, model="m", found=found, now=NOW)
    assert abilities_of(endpoint, row=ability_row(endpoint, model="m")).now == Ability("schema")


def test_every_preset_begins_a_form_that_is_complete_but_for_the_key(as_alice):
    for each in PRESETS:
        page = as_alice.get(f"/p/poems/endpoints/new?preset={each.name}").text
        assert each.base_url in page
        assert f'value="{each.max_in_flight}"' in page
        assert all(model in page for model in each.models)
    assert [each.name for each in PRESETS if each.local] == ["vllm", "ollama", "lm_studio", "llama_cpp"]
    assert {each.max_in_flight for each in PRESETS if each.local} == {2}


def test_an_endpoint_of_a_preset_is_saved_with_its_kind_and_what_only_it_wants(cast, as_alice):
    as_alice.post("/p/poems/endpoints/new", {
        "name": "Q", "preset": "qianfan", "base_url": "93.184.215.14/v2/chat/completions",
        "models_listed": "ernie-4.0-8k",
        "max_in_flight": 4, "timeout_seconds": 60, "key": KEY, "secret": "the-other-half", "appid": "app-7",
        "thinking": "off",
    })  # fmt: skip
    endpoint = Endpoint.objects.get()
    assert (endpoint.kind, endpoint.preset) == ("openai_compatible", "qianfan")
    assert endpoint.base_url == "https://93.184.215.14/v2"
    assert endpoint.options == {"appid": "app-7", "thinking": False}
    view = endpoint_view(endpoint)
    assert (view.key, view.secret, view.thinking) == (KEY, "the-other-half", False)
    page = as_alice.get(f"/p/poems/endpoints/{endpoint.pk}").text
    assert KEY not in page
    assert "the-other-half" not in page
    assert 'value="app-7"' in page


@pytest.mark.parametrize(
    ("base_url", "name"),
    [("https://api.openai.com/v1", "openai"), ("http://localhost:11434/v1", "ollama"),
     ("https://ws.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1", "dashscope"), ("https://x.example/v1", "other"),
     ("http://127.0.0.1:1234/v1", "lm_studio"),
     ("https://batch.dashscope.aliyuncs.com/compatible-mode/v1", "dashscope")],
)  # fmt: skip
def test_an_address_says_which_house_it_belongs_to(base_url, name):
    assert preset_for(base_url).name == name
    assert preset("no-such").name == "other"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("localhost:11434/api/chat", "http://localhost:11434/v1"), ("127.0.0.1:1234/v1/", "http://127.0.0.1:1234/v1"),
     (" https://93.184.215.14/v1/models ", "https://93.184.215.14/v1"),
     ("https://93.184.215.14/api/v1/services/aigc/text-generation/generation", "https://93.184.215.14/api/v1")],
)  # fmt: skip
def test_what_people_type_becomes_a_base_address(as_alice, typed, kept):
    as_alice.post("/p/poems/endpoints/new", {
        "name": "N", "base_url": typed, "models_listed": "m", "max_in_flight": 2, "timeout_seconds": 60,
    })  # fmt: skip
    assert Endpoint.objects.get().base_url == kept


def test_the_page_tells_what_was_found(cast, as_alice):
    with chat_server(lm_studio) as server:
        endpoint = make(cast, server.base_url)
        page = as_alice.post(f"/p/poems/endpoints/{endpoint.pk}", {"do": "check"}).text
    assert "m-1 answers." in page
    assert "strict schema" in page
    assert "30,000" in page
