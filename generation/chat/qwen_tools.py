"""How Qwen2.5 and Qwen3 show tools, calls and results. The words are the models' own and may not be changed.

Source: the chat templates that the models ship.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generation.chat.base import Conversation, Piece, Settings, arguments_of, as_json, content, frame
from generation.types import Turn

TOKENS = ("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<tools>", "</tools>")
DEFAULT_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."

_OFFER = (
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n<tools>"
)
_HOW = (
    "\n</tools>\n\nFor each function call, return a json object with function name and arguments within "
    '<tool_call></tool_call> XML tags:\n<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n'
    "</tool_call>"
)


def system_turn(talk: Conversation, settings: Settings, *, default: str) -> Iterator[Piece]:
    """The system turn with the tools in it; nothing when there is neither."""
    first = talk.turns[0] if talk.turns else None
    has_system = first is not None and first.role == "system"
    text = first.content if first is not None and has_system else settings.default_system or default
    if not (has_system or text or talk.tools):
        return
    at = 0 if has_system else -1
    yield frame("<|im_start|>system\n", at)
    if has_system or text:
        yield content(text, at) if has_system else frame(text)
    if talk.tools:
        yield frame(("\n\n" if has_system or text else "") + offer(talk.tools), at)
    yield frame("<|im_end|>\n", at)


def offer(tools: Sequence[Any]) -> str:
    """The section of the system text that offers tools."""
    return _OFFER + "".join("\n" + as_json(tool) for tool in tools) + _HOW


def calls(turn: Turn, at: int, *, first: str) -> Iterator[Piece]:
    """The calls of an assistant's turn; `first` stands before the first one, a newline before the others."""
    for number, call in enumerate(turn.calls):
        before = "\n" if number else first
        body = f'{{"name": "{call.name}", "arguments": {as_json(arguments_of(call, at))}}}'
        yield Piece(f"{before}<tool_call>\n{body}\n</tool_call>", "call", at)


def result(talk: Conversation, at: int) -> Iterator[Piece]:
    """A tool's answer. Consecutive ones share one user turn."""
    if at == 0 or talk.turns[at - 1].role != "tool":
        yield frame("<|im_start|>user", at)
    yield frame("\n<tool_response>\n", at)
    yield content(talk.turns[at].content, at)
    yield frame("\n</tool_response>", at)
    if at + 1 == len(talk.turns) or talk.turns[at + 1].role != "tool":
        yield frame("<|im_end|>\n", at)
