"""ChatML: every turn between <|im_start|> and <|im_end|>, nothing trimmed, a newline after each.

Source: OpenAI's ChatML page; LLaMA-Factory and Axolotl write the same text.
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

TOKENS = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")


def write(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """Each turn by its role."""
    no_tools(talk)
    for at, turn in enumerate(talk.turns):
        yield frame(f"<|im_start|>{turn.role}\n", at)
        if turn.role == "assistant":
            yield answer(turn.content, at)
            yield end("<|im_end|>", at)
            yield frame("\n", at)
        else:
            yield content(turn.content, at)
            yield frame("<|im_end|>\n", at)
    if settings.generation_prompt:
        yield frame("<|im_start|>assistant\n")


TEMPLATE = ChatTemplate(
    name="chatml",
    title=N_("ChatML"),
    write=write,
    tokens=TOKENS,
    piped=True,
    eos="<|im_end|>",
    source="OpenAI ChatML, LLaMA-Factory `chatml`",
)
