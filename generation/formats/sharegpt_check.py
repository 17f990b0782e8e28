"""LLaMA-Factory's rules for conversations: roles in turn, calls and tools that parse, as many media as placeholders.

Source: its converter and formatters. Rows out of order are skipped there with a line in the log; a call or a list of
tools that is no JSON stops the training.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generation.files.records import Record
from generation.files.strict_json import Fault
from generation.files.text import check_file_text, excerpt
from generation.formats.content_parts import PLACEHOLDERS
from generation.formats.sharegpt_tags import MEDIA, Tags
from generation.formats.tool_calls import sharegpt_calls, tools_text
from generation.types import RowError


def conversation_faults(record: Record, *, tags: Tags) -> Iterator[RowError]:
    """Errors of messages, of their order, of tools and of media; a loss weight, which is ignored, is a warning."""
    key = tags.messages
    messages = record.get(key)
    if not isinstance(messages, list) or not messages:
        yield RowError(0, "missing_messages_list", key)
        return
    for at, message in enumerate(messages):
        yield from _message(message, tags, f"{key}.{at}")
    yield from _order([each.get(tags.role) if isinstance(each, dict) else None for each in messages], tags)
    yield from _beside(record)
    texts = [each.get(tags.content) for each in messages if isinstance(each, dict)]
    whole = "\n".join(text for text in [*texts, record.get("system")] if isinstance(text, str))
    for name, mark in PLACEHOLDERS.items():
        media = record.get(name) or []
        if isinstance(media, list) and whole.count(mark) != len(media):
            yield RowError(0, "media_count", name, message=f"{whole.count(mark)} / {len(media)}")


def _message(message: Any, tags: Tags, path: str) -> Iterator[RowError]:
    if not isinstance(message, dict):
        yield RowError(0, "data_type", path)
        return
    for name in (tags.role, tags.content):
        if name not in message:
            yield RowError(0, "message_missing_key", path, message=name)
    role, content = message.get(tags.role), message.get(tags.content)
    if tags.role in message and role not in (*tags.roles.values(), tags.function):
        yield RowError(0, "unrecognized_role", f"{path}.{tags.role}", message=str(role)[:40])
    if tags.content in message:
        yield from _content(content, role, tags, f"{path}.{tags.content}")
    weight = message.get("weight")
    if weight is not None and (isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1):
        yield RowError(0, "bad_weight", f"{path}.weight", message=str(weight)[:40])
    elif weight is not None:
        yield RowError(0, "weight_ignored", f"{path}.weight", severity="warning")


def _content(content: Any, role: Any, tags: Tags, path: str) -> Iterator[RowError]:
    if not isinstance(content, str):
        yield RowError(0, "not_a_string", path)
    elif code := check_file_text(content):
        yield RowError(0, code, path, excerpt=excerpt(content))
    elif not content.strip() and role != tags.observation:
        yield RowError(0, "blank", path)
    elif role == tags.function:
        try:
            sharegpt_calls(content, path=path)
        except Fault as fault:
            yield RowError(0, fault.code, path, fault.message, excerpt(content))


def _order(roles: list[Any], tags: Tags) -> Iterator[RowError]:
    """The system's message first if at all; then those who ask and those who answer take turns, answers last."""
    start = 1 if roles[0] == tags.system else 0
    expected = ((tags.user, tags.observation), (tags.assistant, tags.function))
    for at, role in enumerate(roles[start:]):
        if role not in expected[at % 2]:
            yield RowError(0, "wrong_turn_order", f"{tags.messages}.{at + start}.{tags.role}", message=str(role)[:40])
            return
    if len(roles) == start or (len(roles) - start) % 2:
        yield RowError(0, "no_answer", tags.messages)


def _beside(record: Record) -> Iterator[RowError]:
    if record.get("system") is not None and not isinstance(record["system"], str):
        yield RowError(0, "not_a_string", "system")
    try:
        tools_text(record.get("tools"))
    except Fault as fault:
        yield RowError(0, fault.code, fault.path, fault.message)
    if isinstance(record.get("tools"), list):
        yield RowError(0, "not_a_string", "tools")
    for name in MEDIA:
        media = record.get(name)
        if media is not None and not (isinstance(media, list) and all(isinstance(each, str) for each in media)):
            yield RowError(0, "not_a_list", name)
