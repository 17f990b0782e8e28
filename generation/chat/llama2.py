"""Llama 2: [INST] around each question, the system text inside the first, <s> and </s> around each exchange.

Source: Meta's reference code for `llama2`; LLaMA-Factory's template, which trims nothing and has no blank before the
answer and before </s>, for the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

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

TOKENS = ("<s>", "</s>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>")


def write(talk: Conversation, settings: Settings, *, reference: bool) -> Iterator[Piece | Note]:
    """Exchange by exchange; `reference` is Meta's own way of blanks."""
    no_tools(talk)
    system, turns = system_apart(talk)
    alternating(turns)
    has_system = len(turns) < len(talk.turns)
    blank = " " if reference else ""
    for place, (at, turn) in enumerate(turns):
        text = turn.content.strip() if reference else turn.content
        if turn.role == "assistant":
            yield frame(blank, at)
            yield answer(text, at)
            yield end(blank + "</s>", at)
            continue
        yield frame("<s>[INST] ", at)
        if place == 0 and (has_system or settings.default_system):
            yield frame("<<SYS>>\n", at)
            said = system if has_system else settings.default_system
            said = said.strip() if reference else said
            yield content(said, 0) if has_system else frame(said)
            yield frame("\n<</SYS>>\n\n", at)
        yield content(text, at)
        yield frame(" [/INST]", at)


TEMPLATE = ChatTemplate(
    name="llama2",
    title=N_("Llama 2"),
    write=partial(write, reference=True),
    tokens=TOKENS,
    bos="<s>",
    eos="</s>",
    system="first_user",
    trims=True,
    source="Meta's Llama 2 reference code",
)
LLAMA_FACTORY = ChatTemplate(
    name="llama2_llama_factory",
    title=N_("Llama 2 as LLaMA-Factory writes it"),
    write=partial(write, reference=False),
    tokens=TOKENS,
    bos="<s>",
    eos="</s>",
    system="first_user",
    source="LLaMA-Factory `llama2`",
)
