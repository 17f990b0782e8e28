"""What a model at an endpoint can do, found out by asking it: one word, JSON in each way, a thought, log probabilities.

A handful of calls of a few tokens each, side by side, all within one time limit. Nothing is kept here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import orjson

from generation.providers import failures
from generation.providers.addresses import Policy
from generation.providers.base import ABLE, Ability, Answer, EndpointView, ProviderError
from generation.providers.chat_wire import chat_body, chat_reply, decoded, house, thinks_aloud
from generation.providers.dashscope_wire import native_body, native_reply
from generation.providers.exchange import NoAnswerError, exchange
from generation.providers.json_modes import JSON_MODES, has_json
from generation.providers.keys import bearer, headers_for, redacted
from generation.types import Message, Prompt, Reply, Sampling

SECONDS = 20.0
"""For all probes together."""

_PATHS = {
    "openai_compatible": "/chat/completions", "dashscope": "/services/aigc/text-generation/generation"
}  # fmt: skip
_WORD = Prompt("probe", (Message("user", "Say one word."),), sampling=Sampling(max_tokens=16, temperature=None))
_JSON = Prompt(
    "probe",
    (Message("user", "Give the number one as a JSON object with the field n."),),
    sampling=Sampling(max_tokens=64, temperature=None),
    json_schema={
        "type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False
    },
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """What the probes brought. `code` is "ok" or why there was no answer to a word, with `words` of the server's own.

    `json_modes` are the rungs of the JSON ladder that work; `omits` the request fields that were refused. `usage`,
    `thinking` and `logprobs` are None where there was no telling.
    """

    code: str
    words: str = ""
    latency_ms: int = 0
    json_modes: tuple[str, ...] = ()
    omits: tuple[str, ...] = ()
    usage: bool | None = None
    thinking: bool | None = None
    logprobs: bool | None = None
    limits: Mapping[str, int] = field(default_factory=dict)

    @property
    def json_mode(self) -> str:
        """The strictest rung that works, "plain" when none does."""
        return next((mode for mode in JSON_MODES if mode in self.json_modes), "plain")


Send = Callable[[dict[str, Any]], tuple[Answer, int]]


def probe(endpoint: EndpointView, *, model: str, policy: Policy, seconds: float = SECONDS) -> Found:
    """Asks the model a word, then everything else side by side; over within `seconds`."""
    until = time.monotonic() + seconds

    def send(body: dict[str, Any]) -> tuple[Answer, int]:
        return _send(endpoint, body, policy=policy, seconds=max(0.1, until - time.monotonic()))

    try:
        ability, answer, latency, reply = _word(endpoint, model, send)
    except NoAnswerError as error:
        return Found(error.code)
    except ProviderError as error:
        return Found(error.kind, str(redacted(error, endpoint))[:300])
    if endpoint.kind != "openai_compatible":
        return _found(answer, latency, reply, ability, modes=(), logprobs=None)
    lacks = house(endpoint).lacks
    with ThreadPoolExecutor(4) as threads:
        modes = {mode: threads.submit(_takes_json, endpoint, model, mode, ability, send)
                 for mode in JSON_MODES[:3] if mode not in lacks}  # fmt: skip
        likely = threads.submit(_gives_logprobs, endpoint, model, ability, send)
        working = tuple(mode for mode, asked in modes.items() if asked.result())
        return _found(answer, latency, reply, ability, modes=working, logprobs=likely.result())


def _found(
    answer: Answer, latency: int, reply: Reply, ability: Ability, *, modes: tuple[str, ...], logprobs: bool | None
) -> Found:
    choices = decoded(answer.raw).get("choices")
    message = choices[0].get("message") if isinstance(choices, list) and choices else None
    thinking = bool(reply.thinking) or (isinstance(message, dict) and thinks_aloud(message))
    return Found(
        "ok", latency_ms=latency, json_modes=modes, omits=tuple(sorted(ability.omits)),
        usage=not reply.usage.estimated, thinking=thinking, logprobs=logprobs, limits=answer.limits,
    )  # fmt: skip


def _word(endpoint: EndpointView, model: str, send: Send) -> tuple[Ability, Answer, int, Reply]:
    """One word, with every field that is refused left out at the next try."""
    ability = ABLE
    while True:
        try:
            answer, latency = send(_body(endpoint, _WORD, model, ability))
            return ability, answer, latency, _reply(endpoint, answer, _WORD)
        except ProviderError as error:
            if error.kind == "empty_reply":  # it thought for all of its 16 tokens
                return ability, answer, latency, Reply(usage=error.usage or Reply().usage)
            if not error.lacks or error.lacks in ability.omits or error.lacks == "json":
                raise
            ability = Ability(ability.json_mode, ability.omits | {error.lacks})


def _takes_json(endpoint: EndpointView, model: str, mode: str, ability: Ability, send: Send) -> bool:
    """Whether the rung is not refused and brings JSON."""
    try:
        answer, _ = send(_body(endpoint, _JSON, model, Ability(mode, ability.omits)))
        return has_json(_reply(endpoint, answer, _JSON).text)
    except (ProviderError, NoAnswerError):
        return False


def _gives_logprobs(endpoint: EndpointView, model: str, ability: Ability, send: Send) -> bool | None:
    try:
        answer, _ = send(_body(endpoint, _WORD, model, ability) | {"logprobs": True})
        choices = decoded(answer.raw).get("choices")
    except ProviderError:
        return False
    except NoAnswerError:
        return None
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    return bool(first.get("logprobs"))


def _body(endpoint: EndpointView, prompt: Prompt, model: str, ability: Ability) -> dict[str, Any]:
    if endpoint.kind == "dashscope":
        return native_body(endpoint, prompt, model, ability)
    return chat_body(endpoint, prompt, model, ability)


def _reply(endpoint: EndpointView, answer: Answer, prompt: Prompt) -> Reply:
    if endpoint.kind == "dashscope":
        return native_reply(answer, prompt)
    return chat_reply(answer, prompt, dashscope="aliyuncs.com" in endpoint.base_url)


def _send(endpoint: EndpointView, body: dict[str, Any], *, policy: Policy, seconds: float) -> tuple[Answer, int]:
    """One call with the standard library; `ProviderError` for a refusal, `NoAnswerError` for silence."""
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "FDC"}
    headers |= headers_for(endpoint)
    if key := bearer(endpoint):
        headers["Authorization"] = f"Bearer {key}"
    started = time.monotonic()
    came = exchange(
        endpoint.base_url, _PATHS[endpoint.kind], policy=policy, headers=headers, body=orjson.dumps(body),
        seconds=seconds,
    )  # fmt: skip
    took = time.monotonic() - started
    if came.status != 200:
        raise failures.refused(
            came.status, came.body, came.headers, seconds=took, dashscope="aliyuncs.com" in endpoint.base_url
        )
    return Answer(came.body, 200, "", failures.limits_in(came.headers)), int(took * 1000)
