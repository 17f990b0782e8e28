"""OpenAI's chat completions as bytes: how a prompt is asked, and how an answer is read. No network here."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from generation.providers import failures
from generation.providers.base import ABLE, Ability, Answer, EndpointView, ProviderError
from generation.providers.json_modes import asked_in, unrooted
from generation.providers.presets import Preset, preset, preset_for
from generation.providers.thinking import BUDGET, FIELDS, parted, switched
from generation.types import Prompt, Reply, Usage

_REASONING = re.compile(r"^(o\d|gpt-5)")
_LIMITS = ("max_tokens", "max_completion_tokens")
_BYTES_PER_TOKEN = 3
_UNBELIEVABLE = 20
"""A usage figure so many times over what the request allows is not taken at its word."""


def house(endpoint: EndpointView) -> Preset:
    """The preset that the endpoint was made from, or the one that its address belongs to."""
    return preset(endpoint.preset) if endpoint.preset else preset_for(endpoint.base_url, kind=endpoint.kind)


def chat_body(endpoint: EndpointView, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
    """The body of POST /chat/completions. What is None is left out, so that the server's default holds."""
    options, reasoning = endpoint.options, bool(_REASONING.match(model))
    thinking = switched(house(endpoint).thinking, endpoint.thinking, model, budget=thinking_budget(endpoint))
    # DashScope refuses a JSON mode beside thinking
    mode = "plain" if thinking.get("enable_thinking") else ability.json_mode
    messages, json_fields = asked_in(mode, prompt)
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        _limit_name(options.get("max_tokens_name"), ability, reasoning=reasoning): prompt.sampling.max_tokens,
    }
    wanted = ({} if reasoning else sampled(prompt)) | thinking
    body |= {name: value for name, value in wanted.items() if name not in ability.omits}
    return body | json_fields | dict(options.get("extra_body", {}))


def sampled(prompt: Prompt) -> dict[str, Any]:
    """The sampling that the prompt asks for, by the names of the wire."""
    sampling = prompt.sampling
    wanted = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "frequency_penalty": sampling.frequency_penalty,
        "presence_penalty": sampling.presence_penalty,
        "stop": list(sampling.stop[:4]) or None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def thinking_budget(endpoint: EndpointView) -> int:
    """Tokens that a model may think besides its answer where the server takes such a number."""
    given = endpoint.options.get("thinking_budget")
    return given if isinstance(given, int) and given > 0 else BUDGET


def _limit_name(given: Any, ability: Ability, *, reasoning: bool) -> str:
    name = str(given or _LIMITS[reasoning])
    if name in ability.omits:
        return next((other for other in _LIMITS if other not in ability.omits), name)
    return name


def chat_reply(answer: Answer, prompt: Prompt, *, dashscope: bool = False) -> Reply:
    """The first choice. Filtered, refused and empty answers were billed: their errors carry the usage."""
    payload = decoded(answer.raw)
    if error := failures.from_body(payload, answer.raw, dashscope=dashscope):
        raise error
    choices = payload.get("choices")
    if not isinstance(choices, list) or any(not isinstance(each, dict) for each in choices[:1]):
        raise malformed("no choices", answer)
    return read_choice(choices[0] if choices else {}, payload, answer, prompt)


def read_choice(choice: dict[str, Any], payload: dict[str, Any], answer: Answer, prompt: Prompt) -> Reply:
    """The reply in one choice of an answer; thinking apart from it, a call of the JSON tool as its text."""
    message = choice.get("message") or {}
    if not isinstance(message, dict):
        raise malformed("no message", answer)
    content = _content(message)
    thinking, text = parted(message, content)
    text = unrooted(text if text.strip() else _tool_arguments(message, prompt) or text, prompt)
    finish = str(choice.get("finish_reason") or "stop")
    usage = usage_in(payload.get("usage"), prompt, text + thinking)
    if finish == "content_filter":
        raise _billed("content_filter", usage, answer, permanent=True)
    if not text.strip() and finish != "length":
        refused = bool(message.get("refusal") or message.get("tool_calls"))
        raise _billed("refused" if refused else "empty_reply", usage, answer, permanent=refused)
    finish = "stop" if finish == "tool_calls" else finish
    return Reply(text, finish, str(payload.get("model") or "")[:160], usage, thinking=thinking)


def _content(message: dict[str, Any]) -> str:
    """The text of a message, whole or in parts."""
    content = message.get("content")
    if isinstance(content, list):
        pieces = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(piece for piece in pieces if isinstance(piece, str))
    return content if isinstance(content, str) else ""


def _tool_arguments(message: dict[str, Any], prompt: Prompt) -> str:
    """The arguments of the first tool call, where a prompt wants JSON: the rung on which the answer is a call."""
    calls = message.get("tool_calls")
    if prompt.json_schema is None or not isinstance(calls, list) or not calls or not isinstance(calls[0], dict):
        return ""
    function = calls[0].get("function")
    arguments = function.get("arguments") if isinstance(function, dict) else None
    if isinstance(arguments, dict):
        return json.dumps(arguments, ensure_ascii=False)
    return arguments if isinstance(arguments, str) else ""


def decoded(raw: bytes) -> dict[str, Any]:
    """The JSON object in the bytes; `ProviderError` when they are none."""
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


def malformed(words: str, answer: Answer) -> ProviderError:
    """An answer that may have been paid for and cannot be read."""
    return ProviderError("malformed_reply", words, maybe_billed=True, raw=answer.raw, status=answer.status)


def _billed(kind: str, usage: Usage, answer: Answer, *, permanent: bool) -> ProviderError:
    return ProviderError(kind, permanent=permanent, raw=answer.raw, status=answer.status, usage=usage)


def usage_in(given: Any, prompt: Prompt, text: str) -> Usage:
    """The tokens as the server counted them; where it did not, or not believably, an estimate from the bytes.

    Thinking is part of the written tokens; servers that count it beside them are found out by their own total.
    """
    guess_in = sum(len(message.content.encode("utf-8", "replace")) for message in prompt.messages) // _BYTES_PER_TOKEN
    guess_out = len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN
    if isinstance(given, dict):
        read = _count(given, "prompt_tokens", "input_tokens")
        written = _count(given, "completion_tokens", "output_tokens")
        most_in = _UNBELIEVABLE * (guess_in * _BYTES_PER_TOKEN + 1000)
        most_out = _UNBELIEVABLE * (prompt.sampling.max_tokens + BUDGET + 1000)
        if read is not None and written is not None and 0 <= read <= most_in and 0 <= written <= most_out:
            cached = _detail(given, ("prompt_tokens_details", "input_tokens_details"), "cached_tokens", most=read)
            names = ("completion_tokens_details", "output_tokens_details")
            thought = _detail(given, names, "reasoning_tokens", most=most_out)
            if given.get("total_tokens") == read + written + thought:
                written += thought
            return Usage(read, written, cached_tokens=cached, thinking_tokens=min(thought, written))
    return Usage(guess_in + 1, guess_out + 1, estimated=True)


def _count(given: dict[str, Any], *names: str) -> int | None:
    found = next((given[name] for name in names if name in given), None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def _detail(given: dict[str, Any], places: tuple[str, ...], name: str, *, most: int) -> int:
    """A count in the usage's details, 0 where it is missing or not believable."""
    for place in places:
        details = given.get(place)
        value = details.get(name) if isinstance(details, dict) else None
        if isinstance(value, int) and 0 <= value <= most:
            return value
    return 0


def thinks_aloud(message: dict[str, Any]) -> bool:
    """Whether the message has thinking in a field or between tags."""
    return any(message.get(name) for name in FIELDS) or bool(parted(message, _content(message))[0])
