"""Every server that speaks OpenAI's chat completions: OpenAI, DashScope, Qianfan v2, vLLM, Ollama, LM Studio and more.

One request, one answer, one line on the bill: the openai client is used with its own retries, redirects and proxies
off, over our transport. `n` is never more than 1, which works everywhere and maps each request to one row.
"""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx2
import orjson

from generation.providers import failures
from generation.providers.addresses import AddressRefusedError, Policy, check
from generation.providers.base import Answer, EndpointView, ProviderError
from generation.providers.transport import Transport
from generation.types import Prompt, Reply, Usage

if TYPE_CHECKING:
    import openai

_REASONING = re.compile(r"^(o\d|gpt-5)")
_BYTES_PER_TOKEN = 3
_UNBELIEVABLE = 20
"""A usage figure so many times over what the request allows is not taken at its word."""


class OpenAICompatible:
    """One endpoint over one pooled client. Open it inside the event loop that will use it."""

    kind = "openai_compatible"
    bills = True

    def __init__(self, endpoint: EndpointView, policy: Policy) -> None:
        self._endpoint = endpoint
        self._policy = policy
        self._dashscope = "aliyuncs.com" in endpoint.base_url
        self._client: openai.AsyncOpenAI | None = None

    def request(self, prompt: Prompt, model: str) -> dict[str, Any]:
        """The body of POST /chat/completions. What is None is left out, so that the server's default holds."""
        sampling, options = prompt.sampling, self._endpoint.options
        reasoning = bool(_REASONING.match(model))
        limit = options.get("max_tokens_name") or ("max_completion_tokens" if reasoning else "max_tokens")
        body: dict[str, Any] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            limit: sampling.max_tokens,
        }
        if not reasoning:
            wanted = {
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "frequency_penalty": sampling.frequency_penalty,
                "presence_penalty": sampling.presence_penalty,
                "stop": list(sampling.stop[:4]) or None,
            }
            body |= {name: value for name, value in wanted.items() if value is not None}
        if prompt.json_schema is not None and options.get("json_mode") == "schema":
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "reply", "schema": dict(prompt.json_schema), "strict": True},
            }
        elif prompt.json_schema is not None and options.get("json_mode") == "object":
            body["response_format"] = {"type": "json_object"}
        if self._dashscope and model.startswith("qwen"):
            body["enable_thinking"] = False  # hybrid models think by default, and open ones refuse to without a stream
        return body | dict(options.get("extra_body", {}))

    async def send(self, prompt: Prompt, body: bytes, *, random_seed: int) -> Answer:
        """The bytes of a 200; everything else is a `ProviderError` whose words never hold the key."""
        import openai

        client = self._client or await self._open()
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            response = await client.post("/chat/completions", cast_to=httpx2.Response, content=body)
        except openai.APIStatusError as error:
            raise self._status_error(error.response, seconds=loop.time() - started) from None
        except openai.APIConnectionError as error:
            cause = error.__cause__
            if isinstance(cause, ProviderError):
                raise self._redacted(cause) from None
            raise ProviderError("connection", type(cause or error).__name__, maybe_billed=True) from None
        if response.status_code != 200:
            raise self._status_error(response, seconds=loop.time() - started)
        return Answer(self._without_key(response.content), 200, response.headers.get("x-request-id", ""))

    def read(self, answer: Answer, prompt: Prompt) -> Reply:
        """The first choice. Filtered, refused and empty answers were billed: their errors carry the usage."""
        payload = _decoded(answer.raw)
        if error := failures.from_body(payload, answer.raw, dashscope=self._dashscope):
            raise error
        choices = payload.get("choices")
        if not isinstance(choices, list) or any(not isinstance(each, dict) for each in choices[:1]):
            raise _malformed("no choices", answer)
        choice = choices[0] if choices else {}
        message = choice.get("message") or {}
        if not isinstance(message, dict):
            raise _malformed("no message", answer)
        text = message.get("content")
        text = text if isinstance(text, str) else ""
        finish = str(choice.get("finish_reason") or "stop")
        usage = _usage(payload.get("usage"), prompt, text)
        if finish == "content_filter":
            raise _billed("content_filter", usage, answer, permanent=True)
        if not text.strip() and finish != "length":
            refused = bool(message.get("refusal") or message.get("tool_calls"))
            raise _billed("refused" if refused else "empty_reply", usage, answer, permanent=refused)
        return Reply(text, finish, str(payload.get("model") or "")[:160], usage)

    async def close(self) -> None:
        """Closes the client and its connections."""
        if self._client is not None:
            await self._client.close()

    async def _open(self) -> openai.AsyncOpenAI:
        import openai

        try:
            target = await asyncio.to_thread(check, self._endpoint.base_url, self._policy)
        except AddressRefusedError as refused:
            raise ProviderError("connection", f"address refused: {refused.code}", permanent=True) from None
        if self._client is None:
            self._client = _lean(openai.AsyncOpenAI)(
                api_key=self._endpoint.key or "none",
                base_url=target.url,
                max_retries=0,
                timeout=None,
                http_client=httpx2.AsyncClient(
                    transport=Transport(target, self._policy), follow_redirects=False, trust_env=False, timeout=None
                ),
            )
        return self._client

    def _status_error(self, response: Any, *, seconds: float) -> ProviderError:
        error = failures.from_status(
            response.status_code,
            self._without_key(response.content),
            response.headers,
            seconds=seconds,
            dashscope=self._dashscope,
            now=datetime.now(UTC),
        )
        return self._redacted(error)

    def _redacted(self, error: ProviderError) -> ProviderError:
        key = self._endpoint.key
        if key:
            error.args = tuple(str(each).replace(key, "[key]") for each in error.args)
            error.raw = self._without_key(error.raw)
        return error

    def _without_key(self, body: bytes) -> bytes:
        key = self._endpoint.key.encode()
        return body.replace(key, b"[key]") if len(key) >= 8 else body


@cache
def _lean(client: type[openai.AsyncOpenAI]) -> type[openai.AsyncOpenAI]:
    """The client without its dozen of headers about this machine: they cost a tenth of a call's time, and tell what is
    nobody's business."""

    class Lean(client):  # type: ignore[misc,valid-type]
        @property
        def default_headers(self) -> dict[str, str | openai.Omit]:
            return {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "FDC"}

    return Lean


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        payload = orjson.loads(raw)
    except orjson.JSONDecodeError:
        payload = _leniently(raw)
    if not isinstance(payload, dict):
        raise ProviderError("malformed_reply", "the answer is no JSON object", maybe_billed=True, raw=raw, status=200)
    return payload


def _leniently(raw: bytes) -> Any:
    """What orjson refuses and people send all the same: a byte order mark, lone surrogates, NaN."""
    try:
        return json.loads(raw.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None


def _malformed(words: str, answer: Answer) -> ProviderError:
    return ProviderError("malformed_reply", words, maybe_billed=True, raw=answer.raw, status=answer.status)


def _billed(kind: str, usage: Usage, answer: Answer, *, permanent: bool) -> ProviderError:
    return ProviderError(kind, permanent=permanent, raw=answer.raw, status=answer.status, usage=usage)


def _usage(given: Any, prompt: Prompt, text: str) -> Usage:
    """The tokens as the server counted them; where it did not, or not believably, an estimate from the bytes."""
    guess_in = sum(len(message.content.encode("utf-8", "replace")) for message in prompt.messages) // _BYTES_PER_TOKEN
    guess_out = len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN
    if isinstance(given, dict):
        read, written = given.get("prompt_tokens"), given.get("completion_tokens")
        most_in = _UNBELIEVABLE * (guess_in * _BYTES_PER_TOKEN + 1000)
        most_out = _UNBELIEVABLE * (prompt.sampling.max_tokens + 1000)
        if isinstance(read, int) and isinstance(written, int) and 0 <= read <= most_in and 0 <= written <= most_out:
            return Usage(read, written)
    return Usage(guess_in + 1, guess_out + 1, estimated=True)
