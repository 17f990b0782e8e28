"""Runs with more than one source: the environment's order, keys that are missing, providers that are lost."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from generation.actions.chosen_sources import automatic, rate
from generation.actions.endpoints import create_endpoint, ensure_installation_endpoints
from generation.actions.prices import load_prices, set_price
from generation.actions.runs import StartRefusedError, start_wished
from generation.actions.starts import Wish
from generation.models import Call, Endpoint, ModelAbility, Run, RunEvent, Sample, Seed
from tests.cast import NOW, make_cast
from tests.chat_server import Said, chat_server, refusal
from tests.faults.scene import ROOT
from tests.runs import plant_seeds, work_through
from tests.scripted_server.script import load

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "sk-canary-5b1c7a2e-very-secret"
SCRIPT = load(ROOT / "tests" / "scripted_server" / "steady.json")
NAMES = {"openai": "OPENAI_API_KEY", "dashscope": "DASHSCOPE_API_KEY"}


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for variable in (*NAMES.values(), "FDC_PROVIDERS"):
        monkeypatch.delenv(variable, raising=False)


def endpoint(cast, base_url, name, *, key=KEY, **values) -> Endpoint:
    given = {"name": name, "base_url": base_url, "models_listed": ["m-1"], "timeout_seconds": 5, **values}
    return create_endpoint(cast.project, kind="openai_compatible", key=key, by=cast.alice, now=NOW, **given)


def answering(body, number=0, *, before="") -> Said:
    """What a model says to Self-Instruct."""
    _name, rule, arrival, _try = SCRIPT.answer(body)
    return Said(before + rule.reply(arrival)["text"])


def begin(cast, *asked, **more) -> Run:
    """A small Self-Instruct run."""
    if not Seed.objects.exists():
        plant_seeds(cast.project, now=NOW)
    (first, model), *others = asked
    wish = Wish("self_instruct", {"target": 3}, endpoint=first, model=model, fallbacks=tuple(others), **more)
    return start_wished(cast.project, wish=wish, by=cast.alice, now=NOW)


@pytest.mark.parametrize(
    ("present", "order", "expected"),
    [(["dashscope"], "", ["DashScope"]), (["openai"], "", ["OpenAI"]),
     (["openai", "dashscope"], "", ["OpenAI", "DashScope"]),
     (["openai", "dashscope"], "dashscope,openai", ["DashScope", "OpenAI"]), ([], "", [])],
)  # fmt: skip
def test_000_12_the_environment_decides_who_is_asked(cast, monkeypatch, present, order, expected):
    for name in present:
        monkeypatch.setenv(NAMES[name], KEY)
    if order:
        monkeypatch.setenv("FDC_PROVIDERS", order)
    ensure_installation_endpoints(now=NOW)
    assert [each.name for each, _model in automatic(cast.project)] == expected


def test_000_12_without_any_key_there_is_a_clear_error_before_any_work(cast, client, monkeypatch):
    ensure_installation_endpoints(now=NOW)
    plant_seeds(cast.project, now=NOW)
    client.force_login(cast.alice)
    wish = {"recipe": "self_instruct", "params": {"target": 3}, "automatic": True}
    answer = client.post("/api/v1/projects/poems/runs", wish, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_endpoint")
    keyless = endpoint(cast, "https://api.openai.com/v1", "A", key=""), "gpt-4o-mini"
    other = endpoint(cast, "https://dashscope.aliyuncs.com/compatible-mode/v1", "B", key=""), "qwen-plus"
    for asked, code in (([keyless], "no_key"), ([keyless, other], "no_source")):
        with pytest.raises(StartRefusedError) as refused:
            begin(cast, *asked)
        assert refused.value.code == code
    assert not Run.objects.exists()
    assert not Call.objects.exists()


def test_000_12_a_source_without_a_key_is_passed_over_and_the_run_says_so(cast):
    with chat_server(answering) as server:
        keyless = endpoint(cast, "https://api.openai.com/v1", "OpenAI", key="")
        run = begin(cast, (keyless, "gpt-4o-mini"), (endpoint(cast, server.base_url, "Second"), "m-1"))
        assert (run.endpoint.name, run.model, run.fallbacks) == ("Second", "m-1", [])
        event = RunEvent.objects.get()
        assert (event.kind, event.detail["reason"], event.detail["source"]["name"]) == (
            "source.skipped", "no_key", "OpenAI"
        )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "reason"),
    [(refusal(401, "invalid_api_key"), "unauthorized"), (refusal(429, "insufficient_quota"), "no_credit"),
     (refusal(404, "model_not_found"), "not_found"), (Said(wait=3.0), "timeout")],
)  # fmt: skip
def test_000_12_when_the_first_is_lost_the_second_answers_and_the_row_says_which(cast, client, said, reason):
    with chat_server(lambda body, number: said) as lost, chat_server(answering) as second:
        first = endpoint(cast, lost.base_url, "First", timeout_seconds=1)
        run = begin(cast, (first, "m-1"), (endpoint(cast, second.base_url, "Second"), "m-2"))
        work_through(run)
    run.refresh_from_db()
    assert (run.state, run.source_at) == ("completed", 1)
    event = RunEvent.objects.get(kind="source.switched")
    assert (event.detail["from"]["name"], event.detail["to"]["name"], event.detail["reason"]) == (
        "First", "Second", reason
    )  # fmt: skip
    answered = Call.objects.filter(state="parsed")
    assert answered.count() == len(second.bodies) > 0
    assert {(call.endpoint.name, call.model) for call in answered} == {("Second", "m-2")}
    assert {body["model"] for body in second.bodies} == {"m-2"}
    assert not Call.objects.filter(state="failed", superseded=False).exists()
    client.force_login(cast.alice)
    sample = Sample.objects.filter(run=run).order_by("id").first()
    assert "Second" in client.get(f"/p/poems/samples/{sample.pk}").text
    page = client.get(f"/p/poems/runs/{run.pk}").text
    assert "First (m-1) → Second (m-2)" in page
    assert KEY not in page + json.dumps([event.detail for event in RunEvent.objects.all()])


def test_002_08_a_key_in_the_environment_is_enough_to_start_a_run(cast, client, monkeypatch):
    monkeypatch.setenv("DASHSCOPE_API_KEY", KEY)
    ensure_installation_endpoints(now=NOW)
    plant_seeds(cast.project, now=NOW)
    client.force_login(cast.alice)
    wish = {"recipe": "self_instruct", "params": {"target": 3}, "automatic": True, "confirm": True}
    run = client.post("/api/v1/projects/poems/runs", wish, content_type="application/json").json()
    assert run["model"] == "qwen3.7-plus"
    assert Endpoint.objects.get(pk=run["endpoint"]).environment == "DASHSCOPE_API_KEY"
    assert KEY not in json.dumps(list(Endpoint.objects.values("name", "options", "environment", "key_hint")))


def test_001_09_a_third_provider_is_a_url_and_a_model(cast, client):
    with chat_server(answering) as server:
        client.force_login(cast.alice)
        body = {"name": "ERNIE", "base_url": server.base_url, "models_listed": ["ernie-4.0-8k"], "key": KEY}
        made = client.post("/api/v1/projects/poems/endpoints", body, content_type="application/json").json()
        run = work_through(begin(cast, (Endpoint.objects.get(pk=made["id"]), "ernie-4.0-8k")))
    assert run.state == "completed"
    assert {sent["model"] for sent in server.bodies} == {"ernie-4.0-8k"}
    assert {sent["authorization"] for sent in server.headers} == {f"Bearer {KEY}"}


def test_001_10_key_secret_and_appid_reach_the_provider_and_nobody_else(cast, client):
    with chat_server(answering) as server:
        client.force_login(cast.alice)
        body = {
            "name": "Qianfan", "preset": "qianfan", "base_url": server.base_url, "models_listed": ["ernie-4.0-8k"],
            "key": "ALTAK-half-one", "secret": "half-two-secret", "options": {"appid": "app-7"},
        }  # fmt: skip
        shown = client.post("/api/v1/projects/poems/endpoints", body, content_type="application/json")
        run = work_through(begin(cast, (Endpoint.objects.get(), "ernie-4.0-8k")))
    assert run.state == "completed"
    assert {sent["authorization"] for sent in server.headers} == {"Bearer bce-v3/ALTAK-half-one/half-two-secret"}
    assert {sent["appid"] for sent in server.headers} == {"app-7"}
    pages = shown.text + client.get(f"/p/poems/endpoints/{Endpoint.objects.get().pk}").text
    kept = json.dumps(list(Call.objects.values("request", "failure_detail"))) + pages
    assert "half-two-secret" not in kept
    assert "ALTAK-half-one" not in kept


def test_costs_of_a_source_in_another_currency_are_reckoned_at_the_runs_rate(cast, settings):
    settings.CNY_PER_USD = Decimal("7.2")
    load_prices()
    with chat_server(lambda body, number: refusal(401, "x")) as lost, chat_server(answering) as second:
        first, other = endpoint(cast, lost.base_url, "First"), endpoint(cast, second.base_url, "Second")
        for place, currency, amount in ((first, "USD", "1"), (other, "CNY", "7200")):
            set_price(
                place, model="m-1", currency=currency, input_price=Decimal(amount), output_price=Decimal(amount),
                source="test", on=NOW.date(),
            )  # fmt: skip
        run = work_through(begin(cast, (first, "m-1"), (other, "m-1"), budget_micro=10**9))
    run.refresh_from_db()
    tokens = sum(call.prompt_tokens + call.completion_tokens for call in Call.objects.filter(state="parsed"))
    assert (run.currency, run.state) == ("USD", "completed")
    assert abs(run.spent_micro - tokens * 1000) <= Call.objects.filter(state="parsed").count()
    assert rate("USD", to="CNY") == Decimal("7.2")
    assert rate("USD", to="USD") == 1


def test_limits_that_headers_tell_are_kept_and_paced_by(cast):
    def telling(body, number):
        return Said(answering(body).text, headers={"x-ratelimit-limit-requests": "60000"})

    with chat_server(telling) as server:
        run = work_through(begin(cast, (endpoint(cast, server.base_url, "First"), "m-1")))
    assert run.state == "completed"
    assert ModelAbility.objects.get().detected == {"requests_per_minute": 60000}


def test_thinking_is_shown_folded_on_the_call_and_is_in_no_text(cast, client):
    with chat_server(lambda body, number: answering(body, before="<think>Hm, a poem.</think>")) as server:
        run = work_through(begin(cast, (endpoint(cast, server.base_url, "First"), "m-1"), thinking=True))
    call = Call.objects.filter(run=run, state="parsed").first()
    assert ("Hm, a poem." in call.text, call.thinking) == (False, "Hm, a poem.")
    client.force_login(cast.alice)
    page = client.get(f"/p/poems/runs/{run.pk}/calls/{call.pk}").text
    assert "<details" in page
    assert page.count("Hm, a poem.") == 2  # folded, and in the raw reply as it came
    assert not Sample.objects.filter(output__contains="Hm, a poem.").exists()


def test_rules_do_not_stand_by_for_a_model(cast):
    ensure_installation_endpoints(now=NOW)
    rules = Endpoint.objects.get(kind="offline")
    with pytest.raises(StartRefusedError, match="offline_fallback"):
        begin(cast, (endpoint(cast, "http://127.0.0.1:9/v1", "First"), "m-1"), (rules, ""))
