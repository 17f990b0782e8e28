"""Vicuna: USER and ASSISTANT on one line, </s> after each answer.

Source: FastChat's `vicuna_v1.1`, which writes a default system text.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.chat.base import (
    ChatTemplate,
    Conversation,
    Note,
    Piece,
    Settings,
    alternating,
    answer,
    content,
    end,
    frame,
    no_tools,
    system_apart,
)
from generation.types import N_

DEFAULT_SYSTEM = (
    "A chat between a curious user and an artificial intelligence assistant. "
    "The assistant gives helpful, detailed, and polite answers to the user's questions."
)


def write(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """The system text, then exchange by exchange."""
    no_tools(talk)
    system, turns = system_apart(talk)
    alternating(turns)
    if len(turns) < len(talk.turns):
        yield content(system, 0)
    else:
        yield frame(settings.default_system or DEFAULT_SYSTEM)
        yield Note("default_system_added")
    yield frame(" ")
    for at, turn in turns:
        if turn.role == "assistant":
            yield frame("ASSISTANT: ", at)
            yield answer(turn.content, at)
            yield end(settings.eos or "</s>", at)
        else:
            yield frame("USER: ", at)
            yield content(turn.content, at)
            yield frame(" ", at)
    if settings.generation_prompt:
        yield frame("ASSISTANT:")


TEMPLATE = ChatTemplate(
    name="vicuna",
    title=N_("Vicuna"),
    write=write,
    tokens=("</s>", "USER:", "ASSISTANT:"),
    eos="</s>",
    system="header",
    default_system=DEFAULT_SYSTEM,
    source="FastChat `vicuna_v1.1`",
)
