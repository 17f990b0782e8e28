"""LLaMA-Factory's template called default: Human and Assistant, each line closed with the end token.

Source: LLaMA-Factory's documentation of the template.
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


def write(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """A line each for the system text, the questions and the answers."""
    no_tools(talk)
    system, turns = system_apart(talk)
    alternating(turns)
    eos = settings.eos or "</s>"
    if len(turns) < len(talk.turns) or settings.default_system:
        own = len(turns) < len(talk.turns)
        yield frame("System: ")
        yield content(system, 0) if own else frame(settings.default_system)
        yield frame(eos + "\n")
    for at, turn in turns:
        if turn.role == "assistant":
            yield frame("Assistant: ", at)
            yield answer(turn.content, at)
            yield end(eos, at)
            yield frame("\n", at)
        else:
            yield frame("Human: ", at)
            yield content(turn.content, at)
            yield frame(eos + "\n", at)
    if settings.generation_prompt:
        yield frame("Assistant:")


TEMPLATE = ChatTemplate(
    name="llama_factory_default",
    title=N_("LLaMA-Factory default"),
    write=write,
    tokens=("</s>", "\nHuman:", "\nAssistant:"),
    eos="</s>",
    source="LLaMA-Factory `default`",
)
