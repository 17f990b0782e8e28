"""Each refusal of each provider means what the table says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from generation.providers.failures import from_body, from_status, retry_after

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def told(status: int, body: Any = b"", *, seconds: float = 0.1, dashscope: bool = False, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return from_status(status, raw, named, seconds=seconds, dashscope=dashscope, now=NOW)


def coded(code: str, message: str = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "permanent", "stops"),
    [
        (401, coded("invalid_api_key"), "unauthorized", True, True),
        (403, b"", "unauthorized", True, True),
        (402, b"", "no_credit", True, True),
        (
            400,
            coded("Arrearage", "Access denied, please make sure your account is in good standing."),
            "no_credit",
            True,
            True,
        ),
        (429, coded("insufficient_quota", "You exceeded your current quota"), "no_credit", True, True),
        (429, coded("rate_limit_exceeded"), "rate_limited", False, False),
        (404, coded("model_not_found"), "not_found", True, False),
        (
            400,
            coded("DataInspectionFailed", "Input data may contain inappropriate content."),
            "content_filter",
            True,
            False,
        ),
        (400, coded("context_length_exceeded"), "context_length", True, False),
        (400, coded("", "This model's maximum context length is 8192 tokens"), "context_length", True, False),
        (400, coded("invalid_parameter"), "bad_request", True, False),
        (422, b"<html>no</html>", "bad_request", True, False),
        (307, b"", "bad_request", True, False),
        (500, b"", "server_error", False, False),
        (503, b"", "server_error", False, False),
        (529, b"", "server_error", False, False),
        (408, b"", "server_error", False, False),
    ],
)
def test_a_status_means(status: int, body: Any, kind: str, permanent: bool, stops: bool) -> None:
    error = told(status, body)
    assert (error.kind, error.permanent, error.stops_run) == (kind, permanent, stops)


def test_the_same_word_is_a_rate_limit_at_dashscope_and_an_empty_purse_at_openai() -> None:
    body = coded("insufficient_quota", "You exceeded your current quota")
    assert told(429, body, dashscope=True).kind == "rate_limited"
    assert told(429, body).kind == "no_credit"


@pytest.mark.parametrize(
    ("status", "seconds", "billed"),
    [(500, 0.1, False), (500, 9.0, True), (502, 9.0, True), (503, 9.0, False), (504, 0.1, True), (429, 9.0, False)],
)
def test_a_server_error_may_have_been_billed_when_it_took_its_time(status: int, seconds: float, billed: bool) -> None:
    assert told(status, seconds=seconds).maybe_billed is billed


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"error_code": 336501, "error_msg": "rpm limit"}, "rate_limited"),
        ({"error_code": 110, "error_msg": "Access token invalid"}, "unauthorized"),
        ({"error": {"code": "server_error", "message": "overloaded"}}, "server_error"),
        ({"error": "something is wrong with the request"}, "bad_request"),
        ({"code": "DataInspectionFailed", "message": "inappropriate content"}, "content_filter"),
    ],
)
def test_f07_an_error_inside_a_200_is_an_error(body: dict[str, Any], kind: str) -> None:
    error = from_body(body, json.dumps(body).encode(), dashscope=False)
    assert error is not None
    assert error.kind == kind


def test_an_answer_with_choices_is_no_error_whatever_else_it_says() -> None:
    assert from_body({"choices": [{}], "code": "200"}, b"{}", dashscope=False) is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Fri, 20 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "1e30"}, 86_400.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_f01_retry_after_is_read_in_every_form(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=NOW) == seconds
