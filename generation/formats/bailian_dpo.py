"""Alibaba Cloud Bailian (DashScope) DPO: {messages: [..., user], chosen: {role, content}, rejected: {role, content}}.

Source: Model Studio's pages on fine-tuning data. Names, weights and tools have no place.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation.files.records import Record
from generation.formats.answer_parts import MessageAnswer
from generation.formats.base import TEXT_LAYOUTS
from generation.formats.pairs import last_turn_faults, pair_format
from generation.formats.prompt_parts import PLAIN, MessagesPrompt
from generation.types import N_, Pair, RowError

MAX_BYTES = 300 * 1024 * 1024
MINIMUM_EXAMPLES = 100


def _faults(record: Record, pair: Pair) -> Iterator[RowError]:
    yield from last_turn_faults(pair, path="messages")
    answers = {name: record[name] for name in ("chosen", "rejected")}
    for path, message in ({f"messages.{at}": each for at, each in enumerate(record["messages"])} | answers).items():
        for name in sorted(message.keys() - {"role", "content"}):
            yield RowError(0, "message_unrecognized_key", f"{path}.{name}"[:200])
    roles = [turn.role for turn in pair.prompt.turns]
    if "system" in roles:
        yield RowError(0, "system_not_first", "messages")


FORMAT = pair_format(
    name="bailian_dpo",
    title=N_("Bailian DPO"),
    layouts=TEXT_LAYOUTS,
    prompt=MessagesPrompt("messages", dialect=PLAIN),
    answer=MessageAnswer(),
    sureness=95,
    more_faults=_faults,
)
