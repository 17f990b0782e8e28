"""OpenAI messages (ChatML-style): {messages: [{role, content, ...}], tools, parallel_tool_calls}.

Sources: OpenAI's supervised fine-tuning guide; the codes of the check are those of the OpenAI cookbook's checker.
"""

from __future__ import annotations

from generation.files.records import Record
from generation.formats.base import NESTED_LAYOUTS, Options, RecordFormat, wanted
from generation.formats.chat import Dialect, example_of, messages_of
from generation.formats.chat_check import ChatRules, chat_likeness, message_faults
from generation.formats.tool_calls import tools_list
from generation.types import N_, Example

DIALECT = Dialect(
    roles=frozenset({"system", "developer", "user", "assistant", "tool"}), names=True, weight="weight", style="openai"
)
_KNOWN = frozenset({"messages", "tools", "functions", "parallel_tool_calls"})
RULES = ChatRules(
    roles=DIALECT.roles | {"function"},
    keys=frozenset({"role", "content", "name", "weight", "function_call", "tool_calls", "tool_call_id", "refusal"}),
    whole_weights=True,
    linked_calls=True,
    tokens=16_385,
)


def likeness(record: Record) -> int:
    """A list of messages with roles, and no column that means something else."""
    return chat_likeness(record, known=_KNOWN)


def decode(record: Record) -> Example:
    """The example in a record; `Fault` with the codes of OpenAI's checker."""
    return example_of(record)


def encode(row: Example, options: Options) -> Record:
    """Messages, then tools where there are any. Pictures become parts of their message."""
    example = wanted(row, Example)
    system = options.default_system
    record: Record = {"messages": messages_of(example, DIALECT, separator=options.separator, default_system=system)}
    if example.tools:
        record["tools"] = tools_list(example.tools)
    if isinstance(example.meta.get("parallel_tool_calls"), bool):
        record["parallel_tool_calls"] = example.meta["parallel_tool_calls"]
    return record


FORMAT = RecordFormat(
    name="openai_messages",
    title=N_("OpenAI messages (ChatML-style)"),
    kind="sft",
    layouts=NESTED_LAYOUTS,
    is_like=likeness,
    to_row=decode,
    to_record=encode,
    faults=lambda record: message_faults(record, rules=RULES),
)
