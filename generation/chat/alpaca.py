"""Alpaca: a header, "### Instruction:", "### Input:" where there is one, "### Response:".

Source: Stanford Alpaca's train.py for the headers and `alpaca_original`, Axolotl for `alpaca` and `alpaca_chat`,
LLaMA-Factory for the last.
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
    UnrenderableError,
    alternating,
    answer,
    content,
    end,
    frame,
    known_roles,
    no_tools,
    system_apart,
)
from generation.types import N_

HEADER = "Below is an instruction that describes a task. Write a response that appropriately completes the request."
HEADER_WITH_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request."
)
TOKENS = ("### Instruction:", "### Input:", "### Response:")


def write_one(talk: Conversation, settings: Settings, *, after: str) -> Iterator[Piece | Note]:
    """One exchange, with instruction and input apart; `after` stands behind "### Response:"."""
    no_tools(talk)
    system, turns = system_apart(talk)
    if len(turns) > 2:
        raise UnrenderableError("one_exchange_only", path=str(turns[2][0]))
    alternating(turns)
    if not turns:
        return
    at = turns[0][0]
    split = talk.asked == at
    instruction, input = (talk.instruction, talk.input) if split else (turns[0][1].content, "")
    header = settings.default_system or (HEADER_WITH_INPUT if input else HEADER)
    if len(turns) < len(talk.turns):
        yield content(system, 0)
        yield Note("system_replaces_header", 0)
    else:
        yield frame(header)
    yield frame("\n\n### Instruction:\n", at)
    yield content(instruction, at)
    if input:
        yield frame("\n\n### Input:\n", at)
        yield content(input, at)
    if len(turns) > 1 or settings.generation_prompt:
        yield frame("\n\n### Response:" + after, at)
    if len(turns) > 1:
        yield answer(turns[1][1].content, turns[1][0])
        yield end(settings.eos or "</s>", turns[1][0])


def write_chat(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """Many exchanges, the system text first, a blank line between the turns."""
    no_tools(talk)
    system, turns = system_apart(talk)
    known_roles(turns, "user", "assistant")
    yield frame("<s>")
    if len(turns) < len(talk.turns):
        yield content(system, 0)
        yield frame("\n\n", 0)
    elif settings.default_system:
        yield frame(settings.default_system + "\n\n")
    for place, (at, turn) in enumerate(turns):
        gap = "" if place + 1 == len(turns) else "\n\n"
        if turn.role == "assistant":
            yield frame("### Response:\n", at)
            yield answer(turn.content, at)
            yield end(settings.eos or "</s>", at)
            yield frame(gap, at)
        else:
            yield frame("### Instruction:\n", at)
            yield content(turn.content, at)
            yield frame(gap, at)
    if settings.generation_prompt:
        yield frame("\n\n### Response:\n")


def write_llama_factory(talk: Conversation, settings: Settings) -> Iterator[Piece | Note]:
    """Many exchanges, "### Response:" at the end of each question, a blank line after each answer."""
    no_tools(talk)
    system, turns = system_apart(talk)
    alternating(turns)
    if len(turns) < len(talk.turns):
        yield content(system, 0)
        yield Note("system_replaces_header", 0)
    else:
        yield frame(settings.default_system or HEADER + "\n\n")
    for at, turn in turns:
        if turn.role == "assistant":
            yield answer(turn.content, at)
            yield end(settings.eos or "</s>", at)
            yield frame("\n\n", at)
        else:
            yield frame("### Instruction:\n", at)
            yield content(turn.content, at)
            yield frame("\n\n### Response:\n", at)


_ONE = N_("holds one exchange")

TEMPLATE = ChatTemplate(
    name="alpaca",
    title=N_("Alpaca"),
    write=partial(write_one, after="\n"),
    tokens=TOKENS,
    eos="</s>",
    system="header",
    default_system=HEADER,
    reversible=False,
    caveat=_ONE,
    source="Axolotl `alpaca`",
)
ORIGINAL = ChatTemplate(
    name="alpaca_original",
    title=N_("Alpaca as Stanford trained it"),
    write=partial(write_one, after=""),
    tokens=TOKENS,
    eos="</s>",
    system="header",
    default_system=HEADER,
    reversible=False,
    caveat=_ONE,
    source="Stanford Alpaca `train.py`",
)
CHAT = ChatTemplate(
    name="alpaca_chat",
    title=N_("Alpaca, many turns"),
    write=write_chat,
    tokens=("<s>", "</s>", *TOKENS),
    bos="<s>",
    eos="</s>",
    source="Axolotl chat template `alpaca`",
)
LLAMA_FACTORY = ChatTemplate(
    name="alpaca_llama_factory",
    title=N_("Alpaca as LLaMA-Factory writes it"),
    write=write_llama_factory,
    tokens=("</s>", *TOKENS),
    eos="</s>",
    system="header",
    default_system=HEADER,
    source="LLaMA-Factory `alpaca`",
)
