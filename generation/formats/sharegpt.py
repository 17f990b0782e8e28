"""ShareGPT: {conversations: [{from, value}], system, tools, media}, and LLaMA-Factory's messages of the same build.

Source: LLaMA-Factory's converter, whose rules of order the check holds: a row that breaks them is skipped in silence
there. Ids of calls, names and weights stand beside `value`, where that converter does not look.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import paths, plain_turns
from generation.formats.chat_check import OTHER_COLUMNS
from generation.formats.sharegpt_check import conversation_faults
from generation.formats.sharegpt_tags import ALIASES, MEDIA, MESSAGES, SHAREGPT, Tags
from generation.formats.tool_calls import own_id, sharegpt_calls, sharegpt_value, tools_text
from generation.formats.turns import all_turns, example_from, plain_texts
from generation.types import N_, Example, Turn, TurnRole

LIST_KEYS = ("conversations", "conversation", "messages", "dialogue")
_PLAIN: Mapping[str, TurnRole] = {"human": "user", "gpt": "assistant", "system": "system"}
KEY_PAIRS = (("from", "value"), ("role", "content"), ("role", "value"), ("role", "text"), ("speaker", "text"))


def likeness(record: Record, *, tags: Tags) -> int:
    """A list of messages under our keys; tools and media make it surer."""
    messages = record.get(tags.messages)
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        return 0
    own = tags.role in messages[0] and tags.content in messages[0]
    if not own or record.keys() & OTHER_COLUMNS:
        return 15 if own or _key_pair(messages[0]) else 0
    marked = isinstance(record.get("tools"), str) or any(isinstance(record.get(name), list) for name in MEDIA)
    if tags is SHAREGPT:
        return 95 if marked else 90
    known = {"name", "weight", tags.role, tags.content}
    plain = all(isinstance(each, dict) and each.keys() <= known for each in messages)
    return 0 if not plain else 90 if marked or isinstance(record.get("system"), str) else 70


def decode(record: Record) -> Example:
    """The example in a record of any variant; `Fault` for a missing list, an unknown role or a call that is none."""
    key = next((name for name in LIST_KEYS if name in record), None)
    if key is None or not isinstance(record[key], list) or not record[key]:
        raise Fault("missing_messages_list", path=key or "conversations")
    extras: dict[str, Any] = {}
    plain = (_plain_turns(record[key]) or plain_turns(record[key])) if len(record) == 1 else None
    if plain is not None:
        return example_from(plain, path=key)
    turns = [_turn(message, f"{key}.{at}", extras) for at, message in enumerate(record[key])]
    known = {key, "system", "tools", *MEDIA}
    extras = {name: value for name, value in record.items() if name not in known and value is not None} | extras
    system = record.get("system")
    if system is not None and not isinstance(system, str):
        raise Fault("not_a_string", path="system")
    media = {name: paths(record, name) for name in MEDIA}
    given = {"system": system} if system else {}
    return example_from(turns, path=key, tools=tools_text(record.get("tools")), meta=extras, **given, **media)


def _plain_turns(messages: list[Any]) -> list[Turn] | None:
    """The turns of a conversation in ShareGPT's own names and without tools; None for any other."""
    turns = []
    for message in messages:
        if type(message) is not dict or len(message) != 2:
            return None
        said, content = message.get("from"), message.get("value")
        if type(said) is not str or said not in _PLAIN or type(content) is not str:
            return None
        turns.append(Turn(_PLAIN[said], content))
    return turns


def encode(row: Example, options: Options, *, tags: Tags) -> Record:
    """The messages, the system text first among them, then tools as text and media. No place for developers' turns,
    and an answer either speaks or calls."""
    example = wanted(row, Example)
    texts = plain_texts(example, separator=options.separator, default_system=options.default_system)
    if texts is not None:
        from_, value, roles = tags.role, tags.content, tags.roles
        return {tags.messages: [{from_: roles[role], value: text} for role, text in texts]}
    turns = all_turns(example, separator=options.separator, default_system=options.default_system)
    record: Record = {tags.messages: [_message(turn, tags, at) for at, turn in enumerate(turns)]}
    if example.tools:
        record["tools"] = example.tools
    for name in MEDIA:
        if getattr(example, name):
            record[name] = list(getattr(example, name))
    return record


def _key_pair(message: Mapping[str, Any]) -> tuple[str, str] | None:
    return next((pair for pair in KEY_PAIRS if pair[0] in message and pair[1] in message), None)


def _turn(message: Any, path: str, extras: dict[str, Any]) -> Turn:
    if not isinstance(message, dict):
        raise Fault("data_type", path=path)
    pair = _key_pair(message)
    if pair is None:
        raise Fault("message_missing_key", path=path, message="from" if "value" in message else "value")
    role, content = message[pair[0]], message[pair[1]]
    means = ALIASES.get(role) if isinstance(role, str) else None
    if means is None:
        raise Fault("unrecognized_role", path=f"{path}.{pair[0]}", message=str(role)[:40])
    if not isinstance(content, str):
        raise Fault("not_a_string", path=f"{path}.{pair[1]}")
    own = {*pair, "name", "weight", "call_id"}
    extras |= {f"{path}.{name}": value for name, value in message.items() if name not in own and value is not None}
    named, answers = (_text(message, name, path) for name in ("name", "call_id"))
    calls = sharegpt_calls(content, path=f"{path}.{pair[1]}") if means == "calls" else ()
    speaker = cast("TurnRole", "assistant" if means == "calls" else means)
    weight = _weight(message.get("weight"), f"{path}.weight")
    return Turn(speaker, "" if calls else content, named, calls, own_id(answers), weight)


def _text(message: Mapping[str, Any], name: str, path: str) -> str:
    value = message.get(name)
    if value is not None and not isinstance(value, str):
        raise Fault("not_a_string", path=f"{path}.{name}")
    return value or ""


def _weight(value: Any, path: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise Fault("bad_weight", path=path, message=str(value)[:40])
    return float(value)


def _message(turn: Turn, tags: Tags, at: int) -> dict[str, Any]:
    name = tags.roles.get(turn.role)
    path = f"{tags.messages}.{at}"
    if name is None:
        raise Fault("not_representable", path=f"{path}.{tags.role}", message=turn.role)
    if turn.calls and turn.content:
        raise Fault("not_representable", path=f"{path}.{tags.content}")
    value = sharegpt_value(turn.calls) if turn.calls else turn.content
    message: dict[str, Any] = {tags.role: tags.function if turn.calls else name, tags.content: value}
    if turn.name:
        message["name"] = turn.name
    if turn.weight is not None:
        message["weight"] = int(turn.weight) if turn.weight.is_integer() else turn.weight
    if turn.call_id:
        message["call_id"] = turn.call_id
    return message


def _format(name: str, title: str, tags: Tags) -> RecordFormat:
    return RecordFormat(
        name=name,
        title=title,
        kind="sft",
        layouts=NESTED_LAYOUTS,
        is_like=partial(likeness, tags=tags),
        to_row=decode,
        to_record=partial(encode, tags=tags),
        faults=partial(conversation_faults, tags=tags),
    )


FORMAT = _format("sharegpt", N_("ShareGPT"), SHAREGPT)
LLAMA_FACTORY_MESSAGES = _format(
    "llama_factory_messages", N_("Messages with media and tools (LLaMA-Factory)"), MESSAGES
)
