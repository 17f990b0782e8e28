"""Gemma: the roles user and model, contents trimmed, no system turn.

Source: the chat template that Gemma ships. It refuses a system text; like LLaMA-Factory we put it before the first
question and say so.
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
    """The turns in turn."""
    no_tools(talk)
    system, turns = system_apart(talk)
    alternating(turns)
    yield frame("<bos>")
    for place, (at, turn) in enumerate(turns):
        if turn.role == "assistant":
            yield frame("<start_of_turn>model\n", at)
            yield answer(turn.content.strip(), at)
            yield end("<end_of_turn>", at)
            yield frame("\n", at)
            continue
        yield frame("<start_of_turn>user\n", at)
        if place == 0 and len(turns) < len(talk.turns):
            yield content(system.strip(), 0)
            yield frame("\n\n", 0)
            yield Note("system_merged", 0)
        elif place == 0 and settings.default_system:
            yield frame(settings.default_system + "\n\n")
        yield content(turn.content.strip(), at)
        yield frame("<end_of_turn>\n", at)
    if settings.generation_prompt:
        yield frame("<start_of_turn>model\n")


TEMPLATE = ChatTemplate(
    name="gemma",
    title=N_("Gemma"),
    write=write,
    tokens=("<start_of_turn>", "<end_of_turn>", "<bos>", "<eos>"),
    bos="<bos>",
    eos="<end_of_turn>",
    system="first_user",
    trims=True,
    reversible=False,
    caveat=N_("a system text becomes part of the first question"),
    source="Gemma and Gemma 2 chat template",
)
