"""Unsloth: {conversations: [{role, content}]} as its `standardize_data_formats` leaves it.

Source: that function. Each message has two keys with texts; other names of roles are mapped there, unknown ones raise.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.files.records import Record
from generation.files.text import check_file_text, excerpt
from generation.formats import sharegpt
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import Dialect, messages_of
from generation.formats.chat_check import OTHER_COLUMNS
from generation.formats.parts import fitting
from generation.types import N_, Example, RowError

ALIASES = frozenset({"system", "user", "human", "input", "assistant", "gpt", "output"})
"""The roles that Unsloth maps."""

DIALECT = Dialect()


def likeness(record: Record) -> int:
    """`conversations` of two-key messages: {role, content} is already standard, {from, value} is ShareGPT's first."""
    messages = record.get("conversations")
    if not isinstance(messages, list) or not messages or record.keys() & (OTHER_COLUMNS | {"tools"}):
        return 0
    pairs = {frozenset(message) if isinstance(message, dict) else None for message in messages}
    if pairs == {frozenset({"role", "content"})}:
        return 85
    return 50 if pairs == {frozenset({"from", "value"})} else 0


def encode(row: Example, options: Options) -> Record:
    """Roles and contents alone: tools, media, names and weights have no place."""
    example = fitting(wanted(row, Example), options, holds=("system", "turns"))
    system = options.default_system
    return {"conversations": messages_of(example, DIALECT, separator=options.separator, default_system=system)}


def faults(record: Record) -> Iterator[RowError]:
    """What `standardize_data_formats` would raise on, and a conversation without an answer, which trains nothing."""
    messages = record.get("conversations")
    if not isinstance(messages, list) or not messages:
        yield RowError(0, "missing_messages_list", "conversations")
        return
    names: set[str] = set()
    roles = []
    for at, message in enumerate(messages):
        path = f"conversations.{at}"
        if not isinstance(message, dict):
            yield RowError(0, "data_type", path)
            continue
        names |= message.keys()
        if len(message) != 2:
            yield RowError(0, "not_two_keys", path, message=", ".join(map(str, message))[:80])
            continue
        role_key = next((name for name in ("role", "from") if name in message), "")
        role = message.get(role_key)
        roles.append(role if isinstance(role, str) else "")
        if roles[-1] not in ALIASES:
            yield RowError(0, "unrecognized_role", path, message=str(message.get(role_key))[:40])
        for name, value in message.items():
            yield from _text(value, f"{path}.{name}")
    if len(names) > 2:
        yield RowError(0, "not_two_keys", "conversations", message=", ".join(sorted(names))[:80])
    if not {"assistant", "gpt", "output"} & set(roles):
        yield RowError(0, "example_missing_assistant_message", "conversations")


def _text(value: object, path: str) -> Iterator[RowError]:
    if not isinstance(value, str):
        yield RowError(0, "not_a_string", path)
    elif not value.strip():
        yield RowError(0, "blank", path)
    elif code := check_file_text(value):
        yield RowError(0, code, path, excerpt=excerpt(value))


FORMAT = RecordFormat(
    name="unsloth",
    title=N_("Unsloth conversations"),
    kind="sft",
    layouts=NESTED_LAYOUTS,
    is_like=likeness,
    to_row=sharegpt.decode,
    to_record=encode,
    faults=faults,
)
