"""Lists of {role, content} messages <-> turns, in the dialects of OpenAI, Bailian, TRL, Axolotl and LLaMA-Factory.

Reading takes every dialect; writing follows one, and refuses what it has no place for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from generation.files.strict_json import Fault
from generation.formats.content_parts import Found, PartStyle, Shelf, text_of
from generation.formats.tool_calls import call_object, identities, openai_calls, own_id, tools_text
from generation.formats.turns import all_turns, example_from, plain_texts, prompt_from, prompt_turns
from generation.types import Example, ToolCall, Turn, TurnRole

ROLES: tuple[TurnRole, ...] = get_args(TurnRole)
_PLAIN_ROLES = frozenset({"system", "user", "assistant"})
_READ = {
    "role", "content", "name", "weight", "loss_weight", "train", "tool_calls", "tool_call_id", "function_call",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one target spells a message. `weight` names the key that keeps an answer out of the loss, "" is none;
    `flag` says that it holds true or false. `arguments` of tool calls are their text or an object."""

    roles: frozenset[str] = frozenset({"system", "user", "assistant"})
    names: bool = False
    weight: str = ""
    flag: bool = False
    arguments: Literal["text", "object"] = "text"
    style: PartStyle = ""

    @property
    def tools(self) -> bool:
        """Whether it has a place for tool calls."""
        return "tool" in self.roles


@dataclass(slots=True)
class Heard:
    """The turns of a list of messages and what they show; `extras` are unknown keys by their dotted paths."""

    turns: list[Turn] = field(default_factory=list)
    found: Found = field(default_factory=Found)

    @property
    def extras(self) -> dict[str, Any]:
        """What has no place in a turn, for the row's meta."""
        return self.found.extras


def heard(value: Any, *, path: str = "messages", into: Heard | None = None) -> Heard:
    """The turns in a list of messages, added to `into` if given. `Fault` with the codes of OpenAI's checker."""
    told = into or Heard()
    if not isinstance(value, list):
        raise Fault("missing_messages_list", path=path)
    told.turns += [_turn(message, told.found, f"{path}.{at}") for at, message in enumerate(value)]
    return told


def example_of(record: Mapping[str, Any], *, key: str = "messages", known: frozenset[str] = frozenset()) -> Example:
    """The example in a record with a list of messages, tools and media columns; `known` are keys that mean nothing.

    `Fault` "no_answer" when the assistant does not speak last. The name of a last answer goes into the meta.
    """
    plain = plain_turns(record[key]) if len(record) == 1 and key in record else None
    if plain is not None:
        return example_from(plain, path=key)
    told = heard(record.get(key), path=key)
    parts = row_parts(record, told, known=known | {key})
    example = example_from(told.turns, path=key, **parts)
    name = told.turns[-1].name
    return replace(example, meta={**example.meta, "answer_name": name}) if name else example


def plain_turns(messages: Any) -> list[Turn] | None:
    """The turns where every message is a role and a text: most are, and a million of them should not take long."""
    turns: list[Turn] = []
    for message in messages if isinstance(messages, list) else ():
        if type(message) is not dict or len(message) != 2:
            return None
        role, content = message.get("role"), message.get("content")
        if role not in ROLES or type(content) is not str:
            return None
        turns.append(Turn(role, content))
    return turns or None


def prompt_of(record: Mapping[str, Any], *, key: str, known: frozenset[str] = frozenset()) -> Example:
    """The prompt in a record with a list of messages: an example without output."""
    told = heard(record.get(key), path=key)
    if not told.turns:
        raise Fault("missing_messages_list", path=key)
    return prompt_from(told.turns, **row_parts(record, told, known=known | {key}))


def row_parts(record: Mapping[str, Any], told: Heard, *, known: frozenset[str]) -> dict[str, Any]:
    """Tools, media and meta of a record, as arguments of an `Example`.

    `Fault` "media_count" for placeholders without media.
    """
    columns = {name: paths(record, name) for name in ("images", "videos", "audios")}
    given = sum(len(each) for each in columns.values())
    if told.found.unnamed > given:
        raise Fault("media_count", message=f"{told.found.unnamed} / {given}")
    media = {name: tuple(getattr(told.found, name)) or columns[name] for name in columns}
    known = known | {"tools", "functions", *columns}
    meta = {name: value for name, value in record.items() if name not in known and value is not None}
    tools = tools_text(record.get("tools")) or tools_text(record.get("functions"), path="functions")
    return {"tools": tools, "meta": meta | told.extras, **media}


def paths(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A column of media paths; missing or null is none. TRL's {"path": ...} objects are read too."""
    value = record.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise Fault("not_a_list", path=name)
    found = [each.get("path") if isinstance(each, dict) else each for each in value]
    texts = tuple(each for each in found if isinstance(each, str))
    if len(texts) != len(found):
        raise Fault("not_a_list", path=name)
    return texts


def _turn(message: Any, found: Found, path: str) -> Turn:
    if not isinstance(message, dict):
        raise Fault("data_type", path=path)
    if len(message) == 2 and message.get("role") in ROLES and type(message.get("content")) is str:
        return Turn(message["role"], message["content"])
    message = {name: value for name, value in message.items() if value is not None}
    role = message.get("role")
    calls = _calls(message, path)
    if role is None or ("content" not in message and not calls):
        raise Fault("message_missing_key", path=path, message="content" if role is not None else "role")
    if role not in ROLES and role != "function":
        raise Fault("unrecognized_role", path=f"{path}.role", message=str(role)[:40])
    content = message.get("content", "")
    if isinstance(content, list):
        content = text_of(content, found, path=f"{path}.content")
    if not isinstance(content, str):
        raise Fault("missing_content", path=f"{path}.content")
    for name in message.keys() - _READ:
        found.extras[f"{path}.{name}"] = message[name]
    named, answers = (_text(message, name, path) for name in ("name", "tool_call_id"))
    return Turn("tool" if role == "function" else role, content, named, calls, own_id(answers), _weight(message, path))


def _calls(message: Mapping[str, Any], path: str) -> tuple[ToolCall, ...]:
    if "tool_calls" in message:
        return openai_calls(message["tool_calls"], path=f"{path}.tool_calls")
    if "function_call" in message:
        return openai_calls([message["function_call"]], path=f"{path}.function_call")
    return ()


def _text(message: Mapping[str, Any], name: str, path: str) -> str:
    value = message.get(name, "")
    if not isinstance(value, str):
        raise Fault("not_a_string", path=f"{path}.{name}")
    return value


def _weight(message: Mapping[str, Any], path: str) -> float | None:
    for name in ("weight", "loss_weight", "train"):
        value = message.get(name)
        if value is None:
            continue
        if isinstance(value, bool) != (name == "train") or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise Fault("bad_weight", path=f"{path}.{name}", message=str(value)[:40])
        return float(value)
    return None


def messages_of(
    example: Example,
    dialect: Dialect,
    *,
    separator: str = "\n",
    default_system: str = "",
    answered: bool = True,
    key: str = "messages",
) -> list[dict[str, Any]]:
    """The whole conversation, or its prompt alone, as messages. `Fault` "not_representable" for what has no place."""
    texts = plain_texts(example, separator=separator, default_system=default_system) if answered else None
    if texts is not None and dialect.roles >= _PLAIN_ROLES:
        return [{"role": role, "content": text} for role, text in texts]
    turns = (all_turns if answered else prompt_turns)(example, separator=separator, default_system=default_system)
    name = example.meta.get("answer_name")
    if answered and isinstance(name, str):
        turns[-1] = replace(turns[-1], name=name)
    return told(turns, dialect, shelf=Shelf.of(example, style=dialect.style), path=key)


def told(
    turns: Sequence[Turn], dialect: Dialect, *, shelf: Shelf | None = None, path: str = "messages"
) -> list[dict[str, Any]]:
    """The turns as messages of the dialect, media from the shelf set in at their placeholders."""
    plain = shelf is None and not any(turn.calls or turn.call_id or turn.role == "tool" for turn in turns)
    ids = [((), "")] * len(turns) if plain else identities(turns)
    messages = [
        _message(turn, dialect, shelf, of_calls, answers, f"{path}.{at}")
        for at, (turn, (of_calls, answers)) in enumerate(zip(turns, ids, strict=True))
    ]
    if shelf is not None:
        shelf.close()
    return messages


def _message(
    turn: Turn, dialect: Dialect, shelf: Shelf | None, of_calls: Sequence[str], answers: str, path: str
) -> dict[str, Any]:
    if turn.role not in dialect.roles:
        raise Fault("not_representable", path=f"{path}.role", message=turn.role)
    message: dict[str, Any] = {
        "role": turn.role,
        "content": turn.content if shelf is None else shelf.content(turn.content),
    }
    if turn.name:
        # A tool's result is named where tools have a place at all.
        if not dialect.names and not (dialect.tools and turn.role == "tool"):
            raise Fault("not_representable", path=f"{path}.name")
        message["name"] = turn.name
    if turn.weight is not None:
        message[dialect.weight] = _loss(turn.weight, dialect, f"{path}.weight")
    if turn.calls:
        if not dialect.tools:
            raise Fault("not_representable", path=f"{path}.tool_calls")
        message["tool_calls"] = [
            call_object(
                call, identity=identity, as_object=dialect.arguments == "object", path=f"{path}.tool_calls.{at}"
            )
            for at, (call, identity) in enumerate(zip(turn.calls, of_calls, strict=True))
        ]
    if answers:
        message["tool_call_id"] = answers
    return message


def _loss(weight: float, dialect: Dialect, path: str) -> float | bool:
    if not dialect.weight or (dialect.flag and weight not in (0, 1)):
        raise Fault("not_representable", path=path)
    if dialect.flag:
        return bool(weight)
    return int(weight) if weight.is_integer() else weight
