"""Tool calls in the spellings of files, and tools as JSON text. Arguments stay the text that they came as."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from generation.files import strict_json
from generation.files.strict_json import Fault
from generation.types import ToolCall, Turn

_MADE = re.compile(r"fdc\d{6}")
_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\n\r]*")


def spelled(value: Any) -> str:
    """A JSON value as the text that we keep of it: the spelling of Python's `json`, characters as they are."""
    return json.dumps(value, ensure_ascii=False)


def parsed(text: str, *, path: str, code: str) -> Any:
    """The value of a JSON text inside a row; `Fault` `code` where it is none."""
    try:
        return strict_json.loads(text.encode("utf-8", "surrogatepass"))
    except Fault as fault:
        raise Fault(code, path=path, message=fault.message or fault.code) from None


def tools_text(value: Any, *, path: str = "tools") -> str:
    """The tools of a record, a list or the text of one, as text; a text is kept as it is. None is no tools."""
    if value is None or value == "":
        return ""
    tools = parsed(value, path=path, code="bad_tools") if isinstance(value, str) else value
    if not isinstance(tools, list):
        raise Fault("bad_tools", path=path)
    return value if isinstance(value, str) else spelled(tools)


def tools_list(text: str, *, path: str = "tools") -> list[Any]:
    """The tools as OpenAI wants them: each bare function wrapped as {"type": "function", "function": ...}."""
    tools = parsed(text, path=path, code="bad_tools")
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise Fault("bad_tools", path=path)
    return [tool if "type" in tool or "name" not in tool else {"type": "function", "function": tool} for tool in tools]


def openai_calls(value: Any, *, path: str) -> tuple[ToolCall, ...]:
    """The calls of an assistant's message: [{id, type, function: {name, arguments}}], arguments a text or an object."""
    if not isinstance(value, list):
        raise Fault("not_a_list", path=path)
    found = []
    for at, call in enumerate(value):
        # Some files leave the wrapper out.
        told = call.get("function", call) if isinstance(call, dict) else None
        if not isinstance(told, dict) or not isinstance(told.get("name"), str):
            raise Fault("bad_tool_call", path=f"{path}.{at}")
        identity = call.get("id")
        if identity is not None and not isinstance(identity, str):
            raise Fault("not_a_string", path=f"{path}.{at}.id")
        arguments = told.get("arguments")
        text = arguments if isinstance(arguments, str) else spelled({} if arguments is None else arguments)
        found.append(ToolCall(told["name"], text, own_id(identity or "")))
    return tuple(found)


def call_object(call: ToolCall, *, identity: str, as_object: bool, path: str) -> dict[str, Any]:
    """A call as OpenAI and TRL spell it; `Fault` "not_representable" where arguments must be an object and are none."""
    arguments: Any = call.arguments
    if as_object:
        arguments = parsed(call.arguments, path=path, code="not_representable")
        if not isinstance(arguments, dict):
            raise Fault("not_representable", path=path)
    told = {"type": "function", "function": {"name": call.name, "arguments": arguments}}
    return {"id": identity, **told} if identity else told


def sharegpt_calls(text: str, *, path: str) -> tuple[ToolCall, ...]:
    """The calls in the value of a function_call message: {"name", "arguments"} or a list of them, as JSON text."""
    value = parsed(text, path=path, code="bad_tool_call")
    pieces = list(_members(text)) if isinstance(value, list) else [text]
    if not pieces:
        raise Fault("bad_tool_call", path=path)
    return tuple(_sharegpt_call(piece, path=path) for piece in pieces)


def _sharegpt_call(text: str, *, path: str) -> ToolCall:
    value = json.loads(text)
    if not isinstance(value, dict) or not isinstance(value.get("name"), str) or "arguments" not in value:
        raise Fault("bad_tool_call", path=path)
    if value.keys() - {"name", "arguments", "id"} or not isinstance(value.get("id", ""), str):
        raise Fault("bad_tool_call", path=path, message=", ".join(sorted(value))[:80])
    arguments = value["arguments"]
    kept = arguments if isinstance(arguments, str) else dict(_fields(text))["arguments"]
    return ToolCall(value["name"], kept, own_id(value.get("id", "")))


def sharegpt_value(calls: Sequence[ToolCall]) -> str:
    """What stands in a function_call message for these calls: one object, or a list where there are several."""
    told = [_sharegpt_text(call) for call in calls]
    return told[0] if len(told) == 1 else f"[{', '.join(told)}]"


def _sharegpt_text(call: ToolCall) -> str:
    try:
        whole = isinstance(parsed(call.arguments, path="", code="bad_arguments"), dict)
    except Fault:
        whole = False
    arguments = call.arguments if whole else spelled(call.arguments)
    identity = f', "id": {spelled(call.id)}' if call.id else ""
    return f'{{"name": {spelled(call.name)}, "arguments": {arguments}{identity}}}'


def own_id(identity: str) -> str:
    """The id that a file gave a call; empty for one that `identities` made up."""
    return "" if _MADE.fullmatch(identity) else identity


def identities(turns: Sequence[Turn]) -> list[tuple[tuple[str, ...], str]]:
    """For each turn the ids of its calls and the id that it answers, made up in order where a file had none.

    The targets link calls and results by ids (nine letters or digits, for Mistral); reading takes made ones off again.
    """
    found, waiting, made = [], [], 0
    for turn in turns:
        ids = []
        for call in turn.calls:
            ids.append(call.id or f"fdc{made:06d}")
            if not call.id:
                waiting.append(ids[-1])
                made += 1
        answers = turn.call_id
        if turn.role == "tool" and not answers and waiting:
            answers = waiting.pop(0)
        found.append((tuple(ids), answers))
    return found


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """The names of a valid JSON object with the text of their values, exactly as written."""
    at = _skip(text, text.index("{") + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, _skip(text, at) + 1)
        _, end = _DECODER.raw_decode(text, at)
        yield name, text[at:end]
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _members(text: str) -> Iterator[str]:
    """The members of a valid JSON list, exactly as written."""
    at = _skip(text, text.index("[") + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        yield text[at:end]
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
