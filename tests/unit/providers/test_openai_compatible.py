"""What is sent, and what is read out of the bytes that come back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generation.providers.addresses import Policy
from generation.providers.base import Answer, EndpointView, ProviderError
from generation.providers.openai_compatible import OpenAICompatible
from generation.types import Message, Prompt, Reply, Sampling

PROMPT = Prompt(
    "x", (Message("user", "Say something."),), sampling=Sampling(max_tokens=50, stop=("a", "b", "c", "d", "e"))
)


def provider(base_url: str = "https://api.example/v1", **options: Any) -> OpenAICompatible:
    return OpenAICompatible(EndpointView("openai_compatible", base_url, options=options), Policy())


def completion(**changes: Any) -> dict[str, Any]:
    return {
        "model": "m-2",
        "choices": [{"message": {"content": "Hello."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3},
    } | changes


def read(body: Any) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return provider().read(Answer(raw), PROMPT)


def fault(body: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        read(body)
    return caught.value


def message(**fields: Any) -> dict[str, Any]:
    return completion(choices=[{"message": fields, "finish_reason": "stop"}])


def test_an_answer_is_read_with_its_model_and_usage() -> None:
    reply = read(completion())
    assert (reply.text, reply.model, reply.usage.prompt_tokens, reply.usage.completion_tokens) == (
        "Hello.",
        "m-2",
        7,
        3,
    )


def test_f08_an_answer_cut_off_at_its_limit_says_so() -> None:
    assert read(completion(choices=[{"message": {"content": "Hel"}, "finish_reason": "length"}])).truncated


@pytest.mark.parametrize(
    "body", [b"", b"<html>bad gateway</html>", b'{"choices": [{"mess', b"[1, 2]", b"null", {"choices": "no"}]
)
def test_f07_what_is_no_completion_is_malformed_and_may_have_been_billed(body: Any) -> None:
    error = fault(body)
    assert (error.kind, error.permanent, error.maybe_billed) == ("malformed_reply", False, True)
    assert error.raw == (body if isinstance(body, bytes) else json.dumps(body).encode())


@pytest.mark.parametrize(
    ("body", "kind", "permanent"),
    [
        (completion(choices=[]), "empty_reply", False),
        (message(content=None), "empty_reply", False),
        (message(content="  \n"), "empty_reply", False),
        (message(content=None, refusal="I cannot."), "refused", True),
        (message(content=None, tool_calls=[{}]), "refused", True),
        (
            completion(choices=[{"message": {"content": "x"}, "finish_reason": "content_filter"}]),
            "content_filter",
            True,
        ),
    ],
)
def test_f11_what_was_billed_for_nothing_carries_its_usage(body: Any, kind: str, permanent: bool) -> None:
    error = fault(body)
    assert (error.kind, error.permanent) == (kind, permanent)
    assert error.usage is not None
    assert error.usage.prompt_tokens == 7


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"prompt_tokens": -5, "completion_tokens": 3},
        {"prompt_tokens": 10**12, "completion_tokens": 1},
        {"prompt_tokens": "7", "completion_tokens": 3},
        "many",
    ],
)
def test_f46_a_usage_that_is_missing_or_lies_is_estimated(usage: Any) -> None:
    found = read(completion(usage=usage)).usage
    assert found.estimated
    assert 0 < found.prompt_tokens < 100


def test_f10_a_byte_order_mark_and_lone_surrogates_do_not_lose_a_paid_answer() -> None:
    assert read(b"\xef\xbb\xbf" + json.dumps(completion()).encode()).text == "Hello."
    assert "\ud800" in read(b'{"choices": [{"message": {"content": "a\\ud800b"}}]}').text


def test_the_request_leaves_out_what_nobody_asked_for() -> None:
    body = provider().request(PROMPT, "qwen-plus")
    assert body["max_tokens"] == 50
    assert body["stop"] == ["a", "b", "c", "d"]
    assert "top_p" not in body
    assert "n" not in body


def test_reasoning_models_get_the_limit_under_their_own_name_and_no_temperature() -> None:
    body = provider().request(PROMPT, "gpt-5-mini")
    assert body["max_completion_tokens"] == 50
    assert not {"max_tokens", "temperature", "stop"} & set(body)


def test_hybrid_models_of_dashscope_are_asked_not_to_think() -> None:
    body = provider("https://dashscope.aliyuncs.com/compatible-mode/v1").request(PROMPT, "qwen3.7-plus")
    assert body["enable_thinking"] is False


def test_an_endpoint_may_add_fields_of_its_own() -> None:
    assert provider(extra_body={"seed": 7}).request(PROMPT, "m")["seed"] == 7
