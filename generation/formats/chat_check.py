"""What a trainer would refuse in a list of messages: the codes of the OpenAI cookbook's checker, and our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt
from generation.formats.content_parts import PLACEHOLDERS, media_kind
from generation.formats.tool_calls import parsed, tools_text
from generation.quality.text import token_estimate
from generation.types import RowError

OTHER_COLUMNS = frozenset({"label", "kto_tag", "chosen", "rejected", "completion", "chosen_score", "score_chosen"})
"""Columns that make a record a preference or a feedback, whatever else it holds."""


@dataclass(frozen=True, slots=True)
class ChatRules:
    """What one trainer takes. `keys` of a message; `whole_weights`: 0 or 1 only; `linked_calls`: calls and results
    must be linked by ids; `answers_last`: the assistant must have the last word; `tokens`: a length to warn of."""

    roles: frozenset[str]
    keys: frozenset[str]
    whole_weights: bool = False
    linked_calls: bool = False
    answers_last: bool = False
    media: frozenset[str] = frozenset({"images"})
    tokens: int = 0
    warns: bool = True


def chat_likeness(record: Record, *, key: str = "messages", known: frozenset[str], best: int = 85) -> int:
    """How sure a record with a list of {role, content} messages is one of these: `best` with none but known columns."""
    messages = record.get(key)
    if not isinstance(messages, list) or not messages or not all(_spoken(message) for message in messages[:4]):
        return 0
    if record.keys() & OTHER_COLUMNS:
        return 15
    return best if {name for name in record if record[name] is not None} <= known else best - 15


def _spoken(message: Any) -> bool:
    return isinstance(message, dict) and isinstance(message.get("role"), str)


def message_faults(record: Record, *, rules: ChatRules, key: str = "messages") -> Iterator[RowError]:
    """Errors of the messages and the tools, then warnings of what is unusual."""
    messages = record.get(key)
    if not isinstance(messages, list) or not messages:
        yield RowError(0, "missing_messages_list", key)
        return
    for at, message in enumerate(messages):
        yield from _message(message, f"{key}.{at}", rules)
    sound = [message for message in messages if isinstance(message, dict)]
    roles = [role if isinstance(role := message.get("role"), str) else "" for message in sound]
    if "assistant" not in roles:
        yield RowError(0, "example_missing_assistant_message", key)
    elif rules.answers_last and roles[-1] != "assistant":
        yield RowError(0, "no_answer", key)
    if rules.linked_calls:
        yield from _links(sound, key)
    try:
        tools_text(record.get("tools"))
    except Fault as fault:
        yield RowError(0, fault.code, fault.path, fault.message)
    if rules.warns:
        yield from _warnings(sound, roles, key, rules)


def _warnings(messages: list[Any], roles: list[Any], key: str, rules: ChatRules) -> Iterator[RowError]:
    if not {"system", "developer"} & set(roles):
        yield RowError(0, "no_system_message", key, severity="warning")
    if "user" not in roles:
        yield RowError(0, "no_user_message", key, severity="warning")
    # 3 tokens a message, 1 a name and 3 for the answer's head: the estimate of OpenAI's cookbook.
    size = 3 + sum(3 + ("name" in each) + token_estimate(_text(each.get("content"))) for each in messages)
    if rules.tokens and size > rules.tokens:
        yield RowError(0, "too_many_tokens", key, message=str(size), severity="warning")


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str))
    return content if isinstance(content, str) else ""


def _message(message: Any, path: str, rules: ChatRules) -> Iterator[RowError]:
    if not isinstance(message, dict):
        yield RowError(0, "data_type", path)
        return
    message = {name: value for name, value in message.items() if value is not None}
    called = "tool_calls" in message or "function_call" in message
    if "role" not in message or ("content" not in message and not called):
        yield RowError(0, "message_missing_key", path, message="content" if "role" in message else "role")
    for name in sorted(message.keys() - rules.keys):
        yield RowError(0, "message_unrecognized_key", f"{path}.{name}"[:200], message=name[:40])
    role = message.get("role")
    if not isinstance(role, str) or role not in rules.roles:
        yield RowError(0, "unrecognized_role", f"{path}.role", message=str(role)[:40])
    yield from _content(message.get("content"), f"{path}.content", role, rules, called=called)
    yield from _weights(message, path, role, rules)
    if called and "tool_calls" in rules.keys:
        yield from _calls(message, path, role)


def _content(content: Any, path: str, role: Any, rules: ChatRules, *, called: bool) -> Iterator[RowError]:
    if content is None and called:
        return
    if isinstance(content, list):
        yield from _parts(content, path, role, rules)
        content = _text(content) or ("" if not content else "shown")
    # A tool may well have nothing to say.
    if not isinstance(content, str) or (not content.strip() and not called and role != "tool"):
        yield RowError(0, "missing_content", path, excerpt=excerpt(str(content)))
    elif code := check_file_text(content):
        yield RowError(0, code, path, excerpt=excerpt(content))


def _parts(parts: list[Any], path: str, role: Any, rules: ChatRules) -> Iterator[RowError]:
    for at, part in enumerate(parts):
        kind = media_kind(part) if isinstance(part, dict) else None
        if kind is None and not (isinstance(part, dict) and isinstance(part.get("text"), str)):
            yield RowError(0, "unknown_part", f"{path}.{at}")
        elif kind is not None and kind not in rules.media:
            yield RowError(0, "unknown_part", f"{path}.{at}", message=PLACEHOLDERS[kind])
        elif kind is not None and role != "user":
            yield RowError(0, "media_outside_user", f"{path}.{at}")


def _weights(message: Mapping[str, Any], path: str, role: Any, rules: ChatRules) -> Iterator[RowError]:
    for name in ("weight", "loss_weight", "train"):
        if name not in message or name not in rules.keys:
            continue
        value = message[name]
        fits = isinstance(value, int | float) and isinstance(value, bool) == (name == "train") and 0 <= value <= 1
        if not fits or role != "assistant" or (rules.whole_weights and value not in (0, 1)):
            yield RowError(0, "bad_weight", f"{path}.{name}", message=str(value)[:40])


def _calls(message: Mapping[str, Any], path: str, role: Any) -> Iterator[RowError]:
    calls = message.get("tool_calls", [{"function": message.get("function_call")}])
    if role != "assistant":
        yield RowError(0, "calls_outside_assistant", path)
    if not isinstance(calls, list) or not calls:
        yield RowError(0, "bad_tool_call", f"{path}.tool_calls")
        return
    for at, call in enumerate(calls):
        where = f"{path}.tool_calls.{at}"
        told = call.get("function") if isinstance(call, dict) else None
        if not isinstance(told, dict) or not isinstance(told.get("name"), str) or not told["name"]:
            yield RowError(0, "bad_tool_call", where)
            continue
        arguments = told.get("arguments")
        if isinstance(arguments, str):
            try:
                arguments = parsed(arguments, path=where, code="bad_arguments")
            except Fault:
                arguments = None
        if not isinstance(arguments, dict):
            yield RowError(0, "bad_arguments", where)


def _links(messages: list[Any], key: str) -> Iterator[RowError]:
    """Every call has an id, and every result answers one that was announced before it."""
    open_calls: set[str] = set()
    for at, message in enumerate(messages):
        calls = message.get("tool_calls")
        for each in calls if isinstance(calls, list) else ():
            identity = each.get("id") if isinstance(each, dict) else None
            if not isinstance(identity, str) or not identity:
                yield RowError(0, "missing_call_id", f"{key}.{at}.tool_calls")
            else:
                open_calls.add(identity)
        if message.get("role") == "tool":
            answered = message.get("tool_call_id")
            if not isinstance(answered, str) or answered not in open_calls:
                yield RowError(0, "unanswerable_tool_message", f"{key}.{at}.tool_call_id", message=str(answered)[:40])
            else:
                open_calls.discard(answered)
