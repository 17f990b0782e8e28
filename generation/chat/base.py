"""The seam that every chat template is written against. Pure: a conversation in, marked pieces of text out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from generation.types import ToolCall, Turn

PieceKind = Literal["frame", "content", "answer", "call", "end"]
"""The template's own text, what others say, what the assistant says, its tool calls, and the token that ends it."""

EosRule = Literal["turn", "last", "none"]
System = Literal["turn", "first_user", "header"]
"""Where a system text goes: a turn of its own, before the first user's text, or in the place of the header."""


class UnrenderableError(ValueError):
    """The template has no place for a part of the row. `code` says what, `path` where in the row."""

    def __init__(self, code: str, *, path: str = "", detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.path = path
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Settings:
    """How a row is rendered and what of it is trained.

    `mask_history` trains the last answer only. `train_on_eos` says behind which answers the end token is trained.
    `separator` stands between instruction and input. `default_system` is used where a row has no system text, in place
    of the template's own. `eos` replaces the end token of templates that borrow it from the tokenizer. `date` is what
    Llama 3.1 calls today. `thinking` off closes Qwen3's reasoning in the generation prompt.
    """

    generation_prompt: bool = False
    mask_history: bool = False
    train_on_eos: EosRule = "turn"
    separator: str = "\n"
    default_system: str = ""
    eos: str = ""
    date: str = "26 Jul 2024"
    thinking: bool = True


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a template writes: all turns, the answer last if there is one, and the tools as parsed JSON.

    `instruction` and `input` are the two halves of the turn number `asked`, the last user's, for templates that show
    them apart; `asked` is -1 where there is no such turn.
    """

    turns: tuple[Turn, ...]
    tools: tuple[Any, ...] = ()
    instruction: str = ""
    input: str = ""
    asked: int = -1


class Piece(NamedTuple):
    """A stretch of rendered text, of which kind it is, and the number of the turn that it belongs to."""

    text: str
    kind: PieceKind = "frame"
    turn: int = -1


class Note(NamedTuple):
    """Something that a reader must know about the rendering; `turn` is -1 when it is about the whole row."""

    code: str
    turn: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTemplate:
    """One way in which a model reads conversations.

    `tokens` are the texts that its tokenizer takes for special tokens, beside those of the shape "<|...|>" when
    `piped`. `reversible` says that the turns can be read back from the text, as long as no token stands in a content
    and up to blanks at the edges when `trims`; `caveat` says why not. `source` names what it was checked against.
    """

    name: str
    title: str
    write: Callable[[Conversation, Settings], Iterator[Piece | Note]]
    tokens: tuple[str, ...]
    piped: bool = False
    bos: str = ""
    eos: str
    system: System = "turn"
    default_system: str = ""
    tools: bool = False
    trims: bool = False
    reversible: bool = True
    caveat: str = ""
    source: str


def frame(text: str, turn: int = -1) -> Piece:
    """Text of the template itself."""
    return Piece(text, "frame", turn)


def content(text: str, turn: int) -> Piece:
    """What a user, a system or a tool says."""
    return Piece(text, "content", turn)


def answer(text: str, turn: int) -> Piece:
    """What the assistant says."""
    return Piece(text, "answer", turn)


def end(text: str, turn: int) -> Piece:
    """The token with which an answer ends."""
    return Piece(text, "end", turn)


def system_apart(talk: Conversation) -> tuple[str, list[tuple[int, Turn]]]:
    """The first system text (empty when there is none) and the other turns with their numbers."""
    turns = list(enumerate(talk.turns))
    if turns and turns[0][1].role == "system":
        return turns[0][1].content, turns[1:]
    return "", turns


def no_tools(talk: Conversation) -> None:
    """`UnrenderableError` "no_place_for_tools" if the conversation has tools, calls or results."""
    if talk.tools:
        raise UnrenderableError("no_place_for_tools", path="tools")
    for at, turn in enumerate(talk.turns):
        if turn.role == "tool" or turn.calls:
            raise UnrenderableError("no_place_for_tools", path=str(at), detail=turn.role)


def alternating(turns: list[tuple[int, Turn]]) -> None:
    """`UnrenderableError` "roles_do_not_alternate" unless user and assistant take turns, the user first."""
    for place, (at, turn) in enumerate(turns):
        if turn.role != ("assistant" if place % 2 else "user"):
            raise UnrenderableError("roles_do_not_alternate", path=str(at), detail=turn.role)


def known_roles(turns: list[tuple[int, Turn]], *roles: str) -> None:
    """`UnrenderableError` "no_such_role" for a turn of any other role."""
    for at, turn in turns:
        if turn.role not in roles:
            raise UnrenderableError("no_such_role", path=str(at), detail=turn.role)


def as_json(value: Any, *, indent: int | None = None) -> str:
    """JSON as the `tojson` filter of chat templates writes it: not escaped for HTML, not sorted, not ASCII only."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def arguments_of(call: ToolCall, turn: int) -> Any:
    """The arguments of a call as parsed JSON; `UnrenderableError` "bad_arguments" when they are no object."""
    value = json_of(call.arguments)
    if not isinstance(value, dict):
        raise UnrenderableError("bad_arguments", path=str(turn), detail=call.name)
    return value


def json_of(text: str) -> Any:
    """The value in a JSON text, None for anything that is not JSON."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(name: str) -> Any:
    raise ValueError(name)
