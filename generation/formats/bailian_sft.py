"""Bailian (Alibaba Cloud Model Studio) SFT: {messages: [system?, user, assistant, ...]}, with pictures as parts.

Source: Model Studio's pages on fine-tuning data. Names and weights have no place; `loss_weight` needs an invitation.
A thinking answer begins with <think>, a line feed, the thoughts, a line feed, </think> and an empty line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generation.files.records import Record
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import Dialect, example_of, messages_of
from generation.formats.chat_check import ChatRules, chat_likeness, message_faults
from generation.formats.parts import fitting
from generation.types import N_, Example, RowError

DIALECT = Dialect(weight="loss_weight", style="bailian")
RULES = ChatRules(
    roles=DIALECT.roles,
    keys=frozenset({"role", "content", "loss_weight"}),
    answers_last=True,
    media=frozenset({"images", "videos"}),
    warns=False,
)
HOLDS = frozenset({"system", "turns", "images", "videos"})
_THINKING = re.compile(r"<think>\n.*\n</think>\n\n(?!\s*$)", re.DOTALL)


def likeness(record: Record) -> int:
    """OpenAI's build without its extras; parts without a type are Bailian's alone."""
    score = chat_likeness(record, known=frozenset({"messages"}), best=60)
    messages = record.get("messages")
    if score < 60 or not isinstance(messages, list):
        return score
    parts = [part for message in messages if isinstance(message.get("content"), list) for part in message["content"]]
    return 92 if parts and all(isinstance(part, dict) and "type" not in part for part in parts) else 60


def encode(row: Example, options: Options) -> Record:
    """Messages alone; with pictures every content is a list of parts. Tools have no place."""
    example = fitting(wanted(row, Example), options, holds=HOLDS)
    system = options.default_system
    return {"messages": messages_of(example, DIALECT, separator=options.separator, default_system=system)}


def faults(record: Record) -> Iterator[RowError]:
    """The messages' errors, roles in turn, and thoughts that are not set apart as Bailian wants them."""
    yield from message_faults(record, rules=RULES)
    messages = record.get("messages")
    if not isinstance(messages, list):
        return
    roles = [message.get("role") for message in messages if isinstance(message, dict)]
    start = 1 if roles[:1] == ["system"] else 0
    for at, role in enumerate(roles[start:]):
        if role != ("user", "assistant")[at % 2]:
            yield RowError(0, "wrong_turn_order", f"messages.{at + start}.role", message=str(role)[:40])
            break
    for at, message in enumerate(messages):
        if not isinstance(message, dict):
            continue
        thoughts = message.get("content") if message.get("role") == "assistant" else None
        if isinstance(thoughts, str) and "<think>" in thoughts and not _THINKING.match(thoughts):
            yield RowError(0, "thoughts_not_apart", f"messages.{at}.content")
        if "loss_weight" in message:
            yield RowError(0, "needs_invitation", f"messages.{at}.loss_weight", severity="warning")


FORMAT = RecordFormat(
    name="bailian_sft",
    title=N_("Bailian SFT"),
    kind="sft",
    layouts=NESTED_LAYOUTS,
    is_like=likeness,
    to_row=example_of,
    to_record=encode,
    faults=faults,
)
