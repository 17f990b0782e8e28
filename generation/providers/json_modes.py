"""The JSON ladder: four ways to ask a server for JSON, from the strictest to none, and back out of what it answers.

A rung changes what goes on the wire and nothing else: a request is known by its prompt, so a replay finds the answered
call whatever rung is in force by then, and an answer is read in the same way whichever rung it came by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from generation.types import Message, Prompt

JSON_MODES = ("schema", "object", "tool", "plain")
"""The rungs, the strictest first."""

TOOL = "reply"
WRAPPED = "records"
"""A list travels as the one field of an object: strict schemas, JSON objects and tool calls begin with an object."""

_HAN = re.compile(r"[\u4e00-\u9fff]")
_ASKED = {
    "en": "Answer with one JSON object and nothing else. It must fit this JSON schema:\n{schema}",
    "zh": "请只用一个 JSON 对象作答，不要附加任何其他文字。它必须符合下面的 JSON Schema：\n{schema}",
}


def below(mode: str) -> str:
    """The next rung down; "" below the last."""
    at = JSON_MODES.index(mode) + 1
    return JSON_MODES[at] if at < len(JSON_MODES) else ""


def asked_in(mode: str, prompt: Prompt) -> tuple[Sequence[Message], dict[str, Any]]:
    """The messages and the further request fields with which a rung asks for the prompt's JSON."""
    if prompt.json_schema is None:
        return prompt.messages, {}
    schema = rooted(prompt.json_schema)
    if mode == "schema":
        strict = is_strict(schema)
        form = {"name": TOOL, "schema": schema, "strict": strict}
        return prompt.messages, {"response_format": {"type": "json_schema", "json_schema": form}}
    if mode == "tool":
        tool = {"type": "function", "function": {"name": TOOL, "parameters": schema}}
        choice = {"type": "function", "function": {"name": TOOL}}
        return prompt.messages, {"tools": [tool], "tool_choice": choice}
    fields = {"response_format": {"type": "json_object"}} if mode == "object" else {}
    return _told(prompt.messages, schema), fields


def rooted(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with an object at its root."""
    if schema.get("type") != "array":
        return dict(schema)
    return {
        "type": "object", "properties": {WRAPPED: dict(schema)}, "required": [WRAPPED], "additionalProperties": False,
    }  # fmt: skip


def unrooted(text: str, prompt: Prompt) -> str:
    """The list that was wanted, where it came as the one field of an object; otherwise the text as it is."""
    if prompt.json_schema is None or prompt.json_schema.get("type") != "array" or f'"{WRAPPED}"' not in text:
        return text
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    if isinstance(value, dict) and set(value) == {WRAPPED} and isinstance(value[WRAPPED], list):
        return json.dumps(value[WRAPPED], ensure_ascii=False)
    return text


def is_strict(schema: Any) -> bool:
    """Whether strict servers take the schema: every object closed, and all of its fields required."""
    if isinstance(schema, list):
        return all(is_strict(each) for each in schema)
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object":
        fields = schema.get("properties")
        if not isinstance(fields, dict) or schema.get("additionalProperties") is not False:
            return False
        if set(schema.get("required", ())) != set(fields):
            return False
        return all(is_strict(each) for each in fields.values())
    return all(is_strict(each) for each in schema.values())


def has_json(text: str) -> bool:
    """Whether the text is JSON all through, a fence around it apart: what a server that keeps to its mode sends."""
    text = text.strip()
    if text.startswith("```"):
        text = text.strip("`").removeprefix("json")
    try:
        return isinstance(orjson.loads(text), dict | list)
    except orjson.JSONDecodeError:
        return False


def _told(messages: Sequence[Message], schema: Mapping[str, Any]) -> Sequence[Message]:
    """The messages with the schema in words behind the last of them. The word JSON must occur: DashScope insists."""
    last = messages[-1]
    words = _ASKED["zh" if _HAN.search(last.content) else "en"]
    told = words.format(schema=json.dumps(schema, ensure_ascii=False))
    if last.role != "user":
        return (*messages, Message("user", told))
    return (*messages[:-1], Message(last.role, f"{last.content}\n\n{told}"))
