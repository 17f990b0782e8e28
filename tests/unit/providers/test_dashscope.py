"""DashScope's own protocol through its own package: what goes out, what is read, and that nothing is sent twice."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest

from generation.providers import open_provider
from generation.providers.addresses import Policy
from generation.providers.base import Ability, EndpointView, Provider, ProviderError
from generation.types import Message, Prompt, Sampling
from tests.dashscope_server import DashScopeServer, Rule, Told
from tests.loops import run

KEY = "sk-dashscope-secret-4711"
PROMPT = Prompt(
    "x", (Message("system", "你是老师。"), Message("user", "为什么？")), sampling=Sampling(max_tokens=60, top_p=0.9)
)
Work = Callable[[DashScopeServer, Provider], Awaitable[Any]]


def with_server(rule: Rule, work: Work, **view: Any) -> Any:
    async def scene() -> Any:
        async with DashScopeServer(rule) as server:
            options = {"options": view.pop("options", {})}
            endpoint = EndpointView("dashscope", view.pop("base_url", server.base_url), KEY, **options, **view)
            provider = open_provider(endpoint, Policy(loopback=True))
            try:
                return await work(server, provider)
            finally:
                await provider.close()

    return run(scene())


async def ask(provider: Provider, prompt: Prompt = PROMPT, model: str = "qwen-plus") -> Any:
    body = orjson.dumps(provider.request(prompt, model))
    return provider.read(await provider.send(prompt, body, random_seed=1), prompt)


def test_an_answer_is_read_with_its_thinking_usage_and_finish_reason() -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        reply = await ask(provider)
        assert server.bodies == [provider.request(PROMPT, "qwen-plus")]
        assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert server.headers[0]["User-Agent"] == "FDC"
        assert not [name for name in server.headers[0] if name.lower().startswith("x-dashscope-sdk")]
        return reply

    reply = with_server(lambda body, number: Told("因为。", thinking="嗯", finish="length"), work)
    assert (reply.text, reply.thinking, reply.finish_reason) == ("因为。", "嗯", "length")
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.thinking_tokens) == (9, 4, 1)
    assert not reply.usage.estimated


def test_the_request_asks_for_messages_and_switches_thinking() -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        return provider.request(PROMPT, "qwen-plus")

    body = with_server(lambda body, number: Told(), work)
    assert body["input"]["messages"][0] == {"role": "system", "content": "你是老师。"}
    assert body["parameters"] == {
        "result_format": "message", "max_tokens": 60, "temperature": 0.7, "top_p": 0.9, "enable_thinking": False,
    }  # fmt: skip
    thinking = with_server(lambda body, number: Told(), work, thinking=True)["parameters"]
    assert (thinking["enable_thinking"], thinking["thinking_budget"]) == (True, 4096)


def test_a_dropped_connection_is_an_error_and_never_a_second_sending() -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        assert (await ask(provider)).text == "ok"  # so that the next request goes over a pooled connection
        with pytest.raises(ProviderError) as caught:
            await ask(provider)
        return caught.value, len(server.bodies)

    error, sent = with_server(lambda body, number: Told("ok", drop=number > 1), work)
    assert sent == 2
    assert (error.kind, error.maybe_billed, error.permanent) == ("connection", True, False)


def test_the_package_by_itself_would_have_sent_it_twice() -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        import aiohttp
        from dashscope.aigc.generation import AioGeneration

        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectionError):
                await AioGeneration.call(
                    "qwen-plus", messages=[{"role": "user", "content": "?"}], api_key=KEY,
                    base_address=server.base_url, session=session,
                )  # fmt: skip
        return len(server.bodies)

    assert with_server(lambda body, number: Told(drop=True), work) == 2


@pytest.mark.parametrize(
    ("status", "code", "message", "kind", "stops"),
    [
        (429, "Throttling.RateQuota", "Requests rate limit exceeded", "rate_limited", False),
        (429, "Throttling.AllocationQuota", "Free allocated quota exceeded.", "rate_limited", False),
        (429, "insufficient_quota", "You exceeded your current quota", "rate_limited", False),
        (400, "Arrearage", "Access denied, please make sure your account is in good standing.", "no_credit", True),
        (403, "AllocationQuota.FreeTierOnly", "The free tier of the model has been exhausted.", "no_credit", True),
        (400, "DataInspectionFailed", "Output data may contain inappropriate content.", "content_filter", False),
        (401, "InvalidApiKey", "Invalid API-key provided.", "unauthorized", True),
        (400, "InvalidParameter", "Range of input length should be [1, 30720]", "context_length", False),
        (400, "InvalidParameter", "temperature must be in (0, 2)", "bad_request", False),
        (404, "ModelNotFound", "Model not exist.", "not_found", False),
        (500, "InternalError", "An internal error has occured", "server_error", False),
        (503, "ModelServingError", "Too many requests in queue", "server_error", False),
    ],
)
def test_a_refusal_carries_its_consequence(status: int, code: str, message: str, kind: str, stops: bool) -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        with pytest.raises(ProviderError) as caught:
            await ask(provider)
        return caught.value

    told = Told(status=status, code=code, message=f"{message} {KEY}", headers={"Retry-After": "3"})
    error = with_server(lambda body, number: told, work)
    assert (error.kind, error.stops_run, error.status) == (kind, stops, status)
    assert error.retry_after == (3.0 if kind in ("rate_limited", "server_error") else None)
    assert KEY not in str(error)
    assert KEY.encode() not in error.raw


def test_the_bytes_are_kept_as_they_came_and_the_key_is_in_none_of_them() -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        body = orjson.dumps(provider.request(PROMPT, "qwen-plus"))
        assert KEY.encode() not in body
        return await provider.send(PROMPT, body, random_seed=1)

    spaced = b'{ "output": {"choices": [ {"message": {"content": "a %s"}} ]},"request_id":"r-9" }' % KEY.encode()
    sent = with_server(lambda body, number: Told(raw=spaced), work)
    assert sent.raw == spaced.replace(KEY.encode(), b"[key]")
    assert sent.request_id == "r-9"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [(b"<html>", "malformed_reply"), (b'{"output": null}', "malformed_reply"), (b"[]", "malformed_reply"),
     (b'{"output": {"choices": []}}', "empty_reply"), (b'{"code": "Throttling", "message": "slow"}', "rate_limited")],
)  # fmt: skip
def test_a_200_that_is_no_answer_is_told_for_what_it_is(raw: bytes, kind: str) -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        with pytest.raises(ProviderError) as caught:
            await ask(provider)
        return caught.value.kind

    assert with_server(lambda body, number: Told(raw=raw), work) == kind


@pytest.mark.parametrize("base_url", ["http://169.254.169.254/api/v1", "http://10.0.0.8/api/v1"])
def test_the_address_policy_holds_here_too(base_url: str) -> None:
    async def work(server: DashScopeServer, provider: Provider) -> Any:
        with pytest.raises(ProviderError, match="address refused") as caught:
            await ask(provider)
        return caught.value.permanent, server.bodies

    assert with_server(lambda body, number: Told(), work, base_url=base_url) == (True, [])


def test_json_is_asked_for_on_the_ladder_and_a_workspace_travels_in_a_header() -> None:
    asked = Prompt("x", PROMPT.messages, json_schema={"type": "array"})

    async def work(server: DashScopeServer, provider: Provider) -> Any:
        body = orjson.dumps(provider.request(asked, "qwen-plus", Ability("object")))
        reply = provider.read(await provider.send(asked, body, random_seed=1), asked)
        return server.bodies[0], server.headers[0], reply

    told = Told('{"records": [1, 2]}')
    body, headers, reply = with_server(lambda body, number: told, work, options={"workspace": "ws-1"})
    assert body["parameters"]["response_format"] == {"type": "json_object"}
    assert "JSON" in body["input"]["messages"][-1]["content"]
    assert headers["X-DashScope-WorkSpace"] == "ws-1"
    assert json.loads(reply.text) == [1, 2]
