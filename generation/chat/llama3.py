"""Llama 3: a header with the role before each turn, contents trimmed, one <|begin_of_text|>.

Source: the chat template that Llama 3 ships.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.chat.base import (
    ChatTemplate,
    Conversation,
    Note,
    Piece,
    Settings,
    answer,
    content,
    end,
    frame,
    no_tools,
)
from generation.types import N_

BOS = "<|begin_of_text|>"
TOKENS = (BOS, "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")


def header(role: str) -> str:
    """What stands before a turn of that role."""
    return f"<|start_header_id|>{role}<|end_header_id|>\n\n"


def turn_pieces(role: str, text: str, at: int) -> Iterator[Piece]:
    """A whole turn of plain text."""
    yield frame(header(role), at)
    if role == "assistant":
        yield answer(text.strip(), at)
        yield end("<|eot_id|>", at)
    else:
        yield content(text.strip(), at)
        yield frame("<|eot_id|>", at)


def write(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """Each turn by its role."""
    no_tools(talk)
    yield frame(BOS)
    for at, turn in enumerate(talk.turns):
        yield from turn_pieces(turn.role, turn.content, at)
    if settings.generation_prompt:
        yield frame(header("assistant"))


TEMPLATE = ChatTemplate(
    name="llama3",
    title=N_("Llama 3"),
    write=write,
    tokens=TOKENS,
    piped=True,
    bos=BOS,
    eos="<|eot_id|>",
    trims=True,
    source="Meta-Llama-3-Instruct chat template",
)
