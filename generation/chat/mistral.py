"""Mistral v1, v2 and v3, v3 with the Tekken tokenizer, and v7: [INST] around questions, </s> after answers.

Source: Axolotl's and TRL's templates. The models' own v1 to v3 lose the system text of a conversation that ends with
an answer; like LLaMA-Factory we put it before the first question and say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from generation.chat.base import (
    ChatTemplate,
    Conversation,
    Note,
    Piece,
    Settings,
    alternating,
    answer,
    arguments_of,
    as_json,
    content,
    end,
    frame,
    known_roles,
    no_tools,
    system_apart,
)
from generation.types import N_, Turn

_TOKENS = ("<s>", "</s>", "[INST]", "[/INST]")
_TOOL_TOKENS = (
    "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_CALLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]",
)  # fmt: skip
_CALL_ID = re.compile(r"[A-Za-z0-9]{9}")


@dataclass(frozen=True, slots=True)
class Style:
    """What tells the versions apart: how a question opens and closes, what stands before an answer."""

    opening: str
    closing: str
    before: str
    system_turn: bool = False
    tools: bool = False


V1 = Style(" [INST] ", " [/INST]", " ")
V3 = Style("[INST] ", "[/INST]", " ", tools=True)
TEKKEN = Style("[INST]", "[/INST]", "", tools=True)
V7 = Style("[INST]", "[/INST]", "", system_turn=True)


def write(talk: Conversation, settings: Settings, *, style: Style) -> Iterator[Piece | Note]:
    """The turns in turn, with the system text where the version wants it."""
    system, turns = system_apart(talk)
    has_system = len(turns) < len(talk.turns)
    if not style.tools:
        no_tools(talk)
    known_roles(turns, "user", "assistant", "tool")
    alternating([(at, turn) for at, turn in turns if turn.role != "tool" and not turn.calls])
    yield frame("<s>")
    if style.system_turn:
        yield from _system_turn(system, has_system, settings)
    last_user = max((at for at, turn in turns if turn.role == "user"), default=-1)
    for place, (at, turn) in enumerate(turns):
        if turn.role == "tool":
            yield from _result(at, turn, turns, style)
        elif turn.calls:
            yield from _calls(at, turn, style)
        elif turn.role == "assistant":
            yield frame(style.before, at)
            yield answer(turn.content, at)
            yield end("</s>", at)
        else:
            if talk.tools and at == last_user:
                offered = as_json(list(talk.tools))
                yield frame(f"[AVAILABLE_TOOLS]{style.before}{offered}[/AVAILABLE_TOOLS]", at)
            yield frame(style.opening, at)
            if place == 0 and not style.system_turn:
                yield from _merged(system, has_system, settings)
            yield content(turn.content, at)
            yield frame(style.closing, at)


def _system_turn(system: str, has_system: bool, settings: Settings) -> Iterator[Piece | Note]:
    if has_system or settings.default_system:
        yield frame("[SYSTEM_PROMPT]", 0 if has_system else -1)
        yield content(system, 0) if has_system else frame(settings.default_system)
        yield frame("[/SYSTEM_PROMPT]", 0 if has_system else -1)
    else:
        yield Note("default_system_left_out")


def _merged(system: str, has_system: bool, settings: Settings) -> Iterator[Piece | Note]:
    if has_system:
        yield content(system, 0)
        yield frame("\n\n", 0)
        yield Note("system_merged", 0)
    elif settings.default_system:
        yield frame(settings.default_system + "\n\n")


def _calls(at: int, turn: Turn, style: Style) -> Iterator[Piece | Note]:
    if turn.content:
        yield Note("text_beside_call_left_out", at)
    told = []
    for number, call in enumerate(turn.calls):
        known = _CALL_ID.fullmatch(call.id)
        if not known:
            yield Note("call_id_made", at)
        arguments = arguments_of(call, at)
        told.append({"name": call.name, "arguments": arguments, "id": call.id if known else _id(call.id, at, number)})
    yield frame("[TOOL_CALLS]" + style.before, at)
    yield Piece(as_json(told), "call", at)
    yield end("</s>", at)


def _result(at: int, turn: Turn, turns: list[tuple[int, Turn]], style: Style) -> Iterator[Piece | Note]:
    call_id = turn.call_id
    if not _CALL_ID.fullmatch(call_id):
        yield Note("call_id_made", at)
        call_id = _id(call_id, *_asked_by(at, turns))
    yield frame(f'[TOOL_RESULTS]{style.before}{{"content": ', at)
    yield content(turn.content, at)
    yield frame(f', "call_id": "{call_id}"}}[/TOOL_RESULTS]', at)


def _asked_by(at: int, turns: list[tuple[int, Turn]]) -> tuple[int, int]:
    """The turn that a result without an id answers, and which of its calls: the results come in their order."""
    before = [(number, turn) for number, turn in turns if number < at]
    number = 0
    while before and before[-1][1].role == "tool":
        before.pop()
        number += 1
    return (before[-1][0] if before else -1), number


def _id(given: str, turn: int, number: int) -> str:
    """Nine letters and digits in the place of an id that the tokenizer would refuse; the same for the same call."""
    return sha256((given or f"{turn}.{number}").encode("utf-8", "surrogatepass")).hexdigest()[:9]


_MERGES = N_("a system text becomes part of the first question")

V1_TEMPLATE = ChatTemplate(
    name="mistral_v1",
    title=N_("Mistral v1"),
    write=partial(write, style=V1),
    tokens=_TOKENS,
    bos="<s>",
    eos="</s>",
    system="first_user",
    reversible=False,
    caveat=_MERGES,
    source="Axolotl `mistral_v1`",
)
V3_TEMPLATE = ChatTemplate(
    name="mistral_v3",
    title=N_("Mistral v2 and v3"),
    write=partial(write, style=V3),
    tokens=(*_TOKENS, *_TOOL_TOKENS),
    bos="<s>",
    eos="</s>",
    system="first_user",
    tools=True,
    reversible=False,
    caveat=_MERGES,
    source="Axolotl `mistral_v2v3`, TRL `mistral`",
)
TEKKEN_TEMPLATE = ChatTemplate(
    name="mistral_v3_tekken",
    title=N_("Mistral v3 Tekken"),
    write=partial(write, style=TEKKEN),
    tokens=(*_TOKENS, *_TOOL_TOKENS),
    bos="<s>",
    eos="</s>",
    system="first_user",
    tools=True,
    reversible=False,
    caveat=_MERGES,
    source="Axolotl `mistral_v3_tekken`",
)
V7_TEMPLATE = ChatTemplate(
    name="mistral_v7",
    title=N_("Mistral v7"),
    write=partial(write, style=V7),
    tokens=(*_TOKENS, *_TOOL_TOKENS, "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]"),
    bos="<s>",
    eos="</s>",
    source="Axolotl `mistral_v7_tekken`",
)
