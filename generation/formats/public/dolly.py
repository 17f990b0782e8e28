"""Databricks Dolly 15k: {instruction, context, response, category}.

Source: databricks/databricks-dolly-15k. Its card advises to take Wikipedia's citation marks ("[12]") out of `context`;
where that changes something, the context as it came stays in the row's meta.
"""

from __future__ import annotations

import re

from generation.files.records import Record
from generation.formats.parts import optional_text, text_of
from generation.formats.public.reading import has_texts, read_only, rest_of
from generation.types import N_, Example

CATEGORIES = (
    "open_qa", "closed_qa", "general_qa", "classification", "information_extraction", "summarization",
    "brainstorming", "creative_writing",
)  # fmt: skip
_MARK = re.compile(r"\[\d{1,3}\]")


def likeness(record: Record) -> int:
    """Instruction, response and context; one of its categories makes it sure."""
    if not has_texts(record, "instruction", "response") or "context" not in record:
        return 0
    return 95 if record.get("category") in CATEGORIES else 75


def decode(record: Record) -> Example:
    """The example: context is its input, the category stays in its meta."""
    context = optional_text(record, "context")
    meta = rest_of(record, "instruction", "context", "response")
    clean = _MARK.sub("", context)
    if clean != context:
        meta["context"] = context
    return Example(text_of(record, "instruction"), clean, text_of(record, "response"), meta=meta)


FORMAT = read_only("dolly", title=N_("Dolly 15k"), kind="sft", is_like=likeness, to_row=decode)
