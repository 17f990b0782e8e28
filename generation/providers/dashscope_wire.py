"""DashScope's own protocol as bytes: how a prompt is asked, and how an answer is read. No network here."""

from __future__ import annotations

from typing import Any

from generation.providers import failures
from generation.providers.base import ABLE, Ability, Answer, EndpointView
from generation.providers.chat_wire import decoded, malformed, read_choice, sampled, thinking_budget
from generation.providers.json_modes import asked_in
from generation.providers.thinking import switched
from generation.types import Prompt, Reply


def native_body(endpoint: EndpointView, prompt: Prompt, model: str, ability: Ability = ABLE) -> dict[str, Any]:
    """The body of POST .../text-generation/generation."""
    thinking = switched("enable_thinking", endpoint.thinking, model, budget=thinking_budget(endpoint))
    mode = "plain" if thinking.get("enable_thinking") else ability.json_mode
    messages, json_fields = asked_in(mode, prompt)
    wanted = {"max_tokens": prompt.sampling.max_tokens} | sampled(prompt) | thinking
    wanted.pop("frequency_penalty", None)  # here there is a repetition_penalty, on another scale
    wanted = {name: value for name, value in wanted.items() if name not in ability.omits} | json_fields
    return {
        "model": model,
        "input": {"messages": [{"role": message.role, "content": message.content} for message in messages]},
        "parameters": {"result_format": "message"} | wanted | dict(endpoint.options.get("extra_body", {})),
    }


def native_reply(answer: Answer, prompt: Prompt) -> Reply:
    """The first choice of the output, and the tokens that DashScope calls input and output."""
    payload = decoded(answer.raw)
    output = payload.get("output")
    if not isinstance(output, dict):
        if error := failures.from_body(payload, answer.raw, dashscope=True):
            raise error
        raise malformed("no output", answer)
    choices = output.get("choices")
    if choices is None and isinstance(output.get("text"), str):  # models that know no other result format
        choices = [{"message": {"content": output["text"]}, "finish_reason": output.get("finish_reason")}]
    if not isinstance(choices, list) or any(not isinstance(each, dict) for each in choices[:1]):
        raise malformed("no choices", answer)
    return read_choice(dict(choices[0]) if choices else {}, payload, answer, prompt)
