"""Llama 3.1 and 3.2: Llama 3 with dates in a system turn that is always there, tools, and the role ipython.

Source: the chat template that Llama 3.1 ships. It shows tools in the first user turn and takes one call a turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generation.chat import llama3
from generation.chat.base import (
    ChatTemplate,
    Conversation,
    Note,
    Piece,
    Settings,
    UnrenderableError,
    arguments_of,
    as_json,
    content,
    end,
    frame,
    system_apart,
)
from generation.types import N_, Turn

_OFFER = (
    "Given the following functions, please respond with a JSON for a function call with its proper arguments that best "
    'answers the given prompt.\n\nRespond in the format {"name": function name, "parameters": dictionary of argument '
    "name and its value}.Do not use variables.\n\n"
)


def write(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """The system turn with its dates, the tools with the first question, and the turns."""
    system, turns = system_apart(talk)
    has_system = len(turns) < len(talk.turns)
    yield frame(llama3.BOS + llama3.header("system") + ("Environment: ipython\n" if talk.tools else ""))
    yield frame(f"Cutting Knowledge Date: December 2023\nToday Date: {settings.date}\n\n")
    yield content(system.strip(), 0) if has_system else frame(settings.default_system.strip())
    yield frame("<|eot_id|>", 0 if has_system else -1)
    yield Note("dates_added")
    if talk.tools:
        if not turns or turns[0][1].role != "user":
            raise UnrenderableError("tools_need_a_question", path="tools")
        yield from _asked_with_tools(turns.pop(0), talk.tools)
    for at, turn in turns:
        yield from _turn(at, turn)
    if settings.generation_prompt:
        yield frame(llama3.header("assistant"))


def _asked_with_tools(first: tuple[int, Turn], tools: tuple[Any, ...]) -> Iterator[Piece]:
    at, turn = first
    offered = "".join(as_json(tool, indent=4) + "\n\n" for tool in tools)
    yield frame(llama3.header("user") + _OFFER + offered, at)
    yield content(turn.content.strip(), at)
    yield frame("<|eot_id|>", at)


def _turn(at: int, turn: Turn) -> Iterator[Piece | Note]:
    if turn.role == "tool":
        yield frame(llama3.header("ipython"), at)
        # The template writes every result as JSON, so a text comes in quotation marks.
        yield content(as_json(turn.content), at)
        yield frame("<|eot_id|>", at)
        yield Note("result_quoted", at)
    elif turn.calls:
        if len(turn.calls) > 1:
            raise UnrenderableError("one_call_only", path=str(at))
        if turn.content.strip():
            yield Note("text_beside_call_left_out", at)
        call = turn.calls[0]
        yield frame(llama3.header("assistant"), at)
        yield Piece(f'{{"name": "{call.name}", "parameters": {as_json(arguments_of(call, at))}}}', "call", at)
        yield end("<|eot_id|>", at)
    else:
        yield from llama3.turn_pieces(turn.role, turn.content, at)


TEMPLATE = ChatTemplate(
    name="llama3_1",
    title=N_("Llama 3.1 and 3.2"),
    write=write,
    tokens=(*llama3.TOKENS, "<|eom_id|>", "<|python_tag|>", "<|finetune_right_pad_id|>"),
    piped=True,
    bos=llama3.BOS,
    eos="<|eot_id|>",
    tools=True,
    trims=True,
    source="Llama-3.1-Instruct chat template",
)
