"""Every server that speaks OpenAI's chat completions: OpenAI, DashScope, Qianfan v2, vLLM, Ollama, LM Studio and more.

One request, one answer, one line on the bill: the openai client is used with its own retries, redirects and proxies
off, over our transport. `n` is never more than 1, which works everywhere and maps each request to one row.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx2

from generation.providers import failures
from generation.providers.addresses import AddressRefusedError, Policy, check
from generation.providers.base import ABLE, Ability, Answer, EndpointView, ProviderError
from generation.providers.chat_wire import chat_body, chat_reply
from generation.providers.keys import bearer, headers_for, redacted, without_keys
from generation.providers.transport import Transport
from generation.types import Prompt, Reply

if TYPE_CHECKING:
    import openai


class OpenAICompatible:
    """One endpoint over one pooled client. Open it inside the event loop that will use it."""

    kind = "openai_compatible"
    bills = True

    def __init__(self, endpoint: EndpointView, policy: Policy) -> None:
        self._endpoint = endpoint
        self._policy = policy
        self._dashscope = "aliyuncs.com" in endpoint.base_url
        self._client: openai.AsyncOpenAI | None = None

    def request(self, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
        """The body of POST /chat/completions."""
        return chat_body(self._endpoint, prompt, model, ability)

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
                raise redacted(cause, self._endpoint) from None
            raise ProviderError("connection", type(cause or error).__name__, maybe_billed=True) from None
        if response.status_code != 200:
            raise self._status_error(response, seconds=loop.time() - started)
        raw = without_keys(response.content, self._endpoint)
        request_id = response.headers.get("x-request-id", "")
        return Answer(raw, 200, request_id, failures.limits_in(response.headers))

    def read(self, answer: Answer, prompt: Prompt) -> Reply:
        """The first choice; see `chat_wire.chat_reply`."""
        return chat_reply(answer, prompt, dashscope=self._dashscope)

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
            self._client = _lean(openai.AsyncOpenAI, tuple(headers_for(self._endpoint).items()))(
                api_key=bearer(self._endpoint) or "none",
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
            without_keys(response.content, self._endpoint),
            response.headers,
            seconds=seconds,
            dashscope=self._dashscope,
            now=datetime.now(UTC),
        )
        return redacted(error, self._endpoint)


@cache
def _lean(client: type[openai.AsyncOpenAI], more: tuple[tuple[str, str], ...]) -> type[openai.AsyncOpenAI]:
    """The client without its dozen of headers about this machine: they cost a tenth of a call's time, and tell what is
    nobody's business."""

    class Lean(client):  # type: ignore[misc,valid-type]
        @property
        def default_headers(self) -> dict[str, str | openai.Omit]:
            plain = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "FDC"}
            return plain | dict(more)  # type: ignore[return-value]

    return Lean
