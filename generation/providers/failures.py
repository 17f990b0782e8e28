"""What a provider's refusal means. One table for HTTP statuses and for errors inside a 200, by code and by words.

Sources: OpenAI's error codes; DashScope (DataInspectionFailed, Arrearage, Throttling*); Qianfan v1, which answers 200
with 336501 and 336502 when it throttles. The same word may mean the opposite elsewhere: `insufficient_quota` is out of
money at OpenAI and a rate limit at DashScope.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from generation.providers.base import ProviderError

SLOW = 5.0
"""Seconds after which a server error may have come from the model rather than from a door before it."""

_CREDIT = re.compile(
    r"insufficient_quota|arrearage|billing_(hard_)?limit|insufficient.?balance|free allocated quota"
    r"|freetieronly|free tier of the model",
    re.I,
)
_RATE = re.compile(r"rate.?limit|throttl|too many requests|(rpm|tpm|qps)_|\b33650[12]\b|\b18\b.*qps", re.I)
_FILTER = re.compile(r"content_filter|content_policy|datainspectionfailed|data_inspection|inappropriate content", re.I)
_CONTEXT = re.compile(
    r"context_length|maximum context|context window|range of input length|too many tokens|prompt is too long", re.I
)
_LACKS = (
    ("json", re.compile(
        r"response_format|json_schema|json_object|json.?mode|structured.?output|guided_|grammar|tool_choice|\btools?\b"
        r"|function.?call", re.I)),
    ("max_tokens", re.compile(r"max_tokens.{0,60}(not supported|unsupported|max_completion_tokens)", re.I | re.S)),
    ("max_completion_tokens", re.compile(r"max_completion_tokens", re.I)),
    *((name, re.compile(rf"\b{name}\b", re.I)) for name in (
        "enable_thinking", "thinking_budget", "chat_template_kwargs", "reasoning_effort", "thinking",
        "frequency_penalty", "presence_penalty", "temperature", "top_p", "stop")),
)  # fmt: skip
"""Request fields that a server may not know, by the words of its refusal."""
_UNKNOWN = re.compile(
    r"unsupported|not supported|does ?n.t support|unrecognized|unknown|unexpected|not permitted|not allowed"
    r"|extra (input|field)|invalid.{0,20}param|must be|cannot be|only (the )?default|not available|require", re.I
)  # fmt: skip
_KEY = re.compile(r"invalid.?api.?key|incorrect api key|invalid_iam_token|\b(110|111)\b.*access token", re.I)


def from_status(
    status: int, body: bytes, headers: Mapping[str, str], *, seconds: float, dashscope: bool, now: datetime
) -> ProviderError:
    """The error that an HTTP status stands for; `body` is kept with it."""
    words = error_words(body)
    wait = retry_after(headers, now=now)
    if status == 403 and _CREDIT.search(words):
        return _error("no_credit", words, body, status, permanent=True, stops_run=True)
    if status in (401, 403) or (status == 400 and _KEY.search(words)):
        return _error("unauthorized", words, body, status, permanent=True, stops_run=True)
    if status == 402 or (_CREDIT.search(words) and not (dashscope and status == 429)):
        return _error("no_credit", words, body, status, permanent=True, stops_run=True)
    if status == 429 or (status == 400 and _RATE.search(words)):
        return _error("rate_limited", words, body, status, retry_after=wait)
    if status == 404:
        return _error("not_found", words, body, status, permanent=True)
    if status >= 500 or status in (408, 409, 425):
        reached = status == 504 or (status not in (503, 529) and seconds > SLOW)
        return _error("server_error", words, body, status, retry_after=wait, maybe_billed=reached)
    return _refusal(words, body, status)


def refused(
    status: int, body: bytes, headers: Mapping[str, str], *, seconds: float = 0.0, dashscope: bool = False
) -> ProviderError:
    """`from_status` where nobody waits for a date."""
    return from_status(status, body, headers, seconds=seconds, dashscope=dashscope, now=datetime.now(UTC))


def from_body(payload: Mapping[str, Any], body: bytes, *, dashscope: bool) -> ProviderError | None:
    """The error inside an answer that claims to be well, or None."""
    if payload.get("choices") or not any(payload.get(name) for name in ("error", "error_code", "error_msg", "code")):
        return None
    words = error_words(body)
    if _KEY.search(words):
        return _error("unauthorized", words, body, 200, permanent=True, stops_run=True)
    if _RATE.search(words) or (dashscope and "insufficient_quota" in words):
        return _error("rate_limited", words, body, 200)
    if _CREDIT.search(words):
        return _error("no_credit", words, body, 200, permanent=True, stops_run=True)
    if re.search(r"internal|server_error|overload|timeout|unavailable", words, re.IGNORECASE):
        return _error("server_error", words, body, 200)
    return _refusal(words, body, 200)


def lacking(words: str) -> str:
    """The request field that a refusal's words blame, "" when they blame none."""
    if not _UNKNOWN.search(words):
        return "json" if re.search(r"response_format|json_(schema|object)", words, re.I) else ""
    return next((name for name, pattern in _LACKS if pattern.search(words)), "")


def _refusal(words: str, body: bytes, status: int) -> ProviderError:
    """A request that would be refused again."""
    if _FILTER.search(words):
        kind = "content_filter"
    elif _CONTEXT.search(words):
        kind = "context_length"
    else:
        kind = "bad_request"
    lacks = lacking(words) if kind == "bad_request" else ""
    return _error(kind, words, body, status, permanent=True, lacks=lacks)


def _error(kind: str, words: str, body: bytes, status: int, **consequence: Any) -> ProviderError:
    return ProviderError(kind, f"{status}: {words}"[:1000], raw=body, status=status, **consequence)


def error_words(body: bytes) -> str:
    """Code, type and message of an error body in one line, or the beginning of whatever it is; never with a NUL."""
    return _said(body).replace("\x00", "\ufffd")


def _said(body: bytes) -> str:
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body[:300].decode("utf-8", "replace")
    if not isinstance(payload, dict):
        return str(payload)[:300]
    error = payload.get("error", payload)
    if not isinstance(error, dict):
        return str(error)[:500]
    names = ("code", "type", "message", "error_code", "error_msg")
    return " ".join(str(error[name]) for name in names if error.get(name))[:500]


def limits_in(headers: Mapping[str, str]) -> dict[str, int]:
    """The requests and tokens per minute that the headers of an answer tell, as far as they do."""
    told = {}
    for name in ("requests", "tokens"):
        value = headers.get(f"x-ratelimit-limit-{name}", "")
        if value.isascii() and value.isdigit() and len(value) <= 10 and 0 < int(value) < 2**31:
            told[f"{name}_per_minute"] = int(value)
    return told


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """The seconds that the server asks to wait, from Retry-After-Ms or Retry-After in seconds or as a date."""
    if (milliseconds := headers.get("retry-after-ms")) is not None:
        return _number(milliseconds, scale=0.001)
    value = headers.get("retry-after")
    if value is None:
        return None
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return _bearable((when - now).total_seconds())


def _number(text: str, *, scale: float = 1.0) -> float | None:
    try:
        number = float(text) * scale
    except ValueError:
        return None
    return _bearable(number) if number == number else None


def _bearable(seconds: float) -> float:
    """No server has anybody wait for more than a day."""
    return min(max(seconds, 0.0), 86_400.0)
