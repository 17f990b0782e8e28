"""LLaMA-Factory's `dataset_info.json`: which of our formats it loads, and the entry that makes it load them whole.

Source: hiyouga/LLaMA-Factory `data/README.md` and `src/llamafactory/data/parser.py`. Where an entry has a block
`columns` (or `tags`), every name that the block leaves out counts as absent there, so our entries always carry the full
block; and a column that a row lacks is an error of the loader, so `filled` gives every row all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generation.files.records import Record

INFO_FILE = "dataset_info.json"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way in which LLaMA-Factory reads records. `columns` maps its names to ours; `optional` are named in the entry
    only where a row has them. `stage` is the training stage that the entry is for."""

    stage: str
    columns: Mapping[str, str]
    optional: Mapping[str, str] = field(default_factory=dict)
    formatting: str = "alpaca"
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def ranking(self) -> bool:
        """Whether rows hold a preferred and a rejected answer."""
        return "chosen" in self.columns


_MEDIA = {"images": "images", "videos": "videos", "audios": "audios"}
_ASKED = {"prompt": "instruction", "query": "input"}
_EARLIER = {"system": "system", "history": "history"}
_TALK = {"system": "system", "tools": "tools", **_MEDIA}
_SHAREGPT_TAGS = {
    "role_tag": "from", "content_tag": "value", "user_tag": "human", "assistant_tag": "gpt",
    "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system",
}  # fmt: skip
_MESSAGE_TAGS = {
    "role_tag": "role", "content_tag": "content", "user_tag": "user", "assistant_tag": "assistant",
    "observation_tag": "observation", "function_tag": "function_call", "system_tag": "system",
}  # fmt: skip
_OPENAI_TAGS = {**_MESSAGE_TAGS, "observation_tag": "tool"}

SHAPES: Mapping[str, Shape] = {
    "alpaca": Shape("sft", {**_ASKED, "response": "output", **_EARLIER}, _MEDIA),
    "sharegpt": Shape("sft", {"messages": "conversations"}, _TALK, "sharegpt", _SHAREGPT_TAGS),
    "openai_messages": Shape("sft", {"messages": "messages"}, {"tools": "tools", **_MEDIA}, "openai", _OPENAI_TAGS),
    "llama_factory_messages": Shape("sft", {"messages": "messages"}, _TALK, "sharegpt", _MESSAGE_TAGS),
    "text": Shape("pt", {"prompt": "text"}),
    "llama_factory_preference": Shape(
        "rm", {**_ASKED, "chosen": "chosen", "rejected": "rejected"}, {**_EARLIER, "tools": "tools", **_MEDIA}
    ),
    "llama_factory_preference_sharegpt": Shape(
        "rm", {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}, _TALK, "sharegpt",
        _SHAREGPT_TAGS,
    ),
    "llama_factory_kto": Shape(
        "kto", {**_ASKED, "response": "output", "kto_tag": "kto_tag"}, {**_EARLIER, "tools": "tools", **_MEDIA}
    ),
    "llama_factory_kto_sharegpt": Shape(
        "kto", {"messages": "messages", "kto_tag": "label"}, _TALK, "sharegpt", _MESSAGE_TAGS
    ),
}  # fmt: skip
"""By the name of our format."""

_EMPTY: Mapping[str, Any] = {"images": [], "videos": [], "audios": [], "history": []}


def entry(format_name: str, *, file_name: str, columns: Collection[str]) -> dict[str, Any]:
    """The entry for a file of this format whose rows have these columns; `KeyError` where there is no such shape."""
    shape = SHAPES[format_name]
    told: dict[str, Any] = {"file_name": file_name}
    if shape.formatting != "alpaca":
        told["formatting"] = shape.formatting
    if shape.ranking:
        told["ranking"] = True
    told["columns"] = dict(shape.columns) | {
        name: ours for name, ours in shape.optional.items() if ours in columns and name not in shape.columns
    }
    if shape.tags:
        told["tags"] = dict(shape.tags)
    return told


def columns_of(format_name: str, present: Collection[str]) -> list[str]:
    """The columns that every row of the file needs, by our names: those of the shape, then whatever else is there."""
    shape = SHAPES[format_name]
    listed = [*shape.columns.values(), *(ours for ours in shape.optional.values() if ours in present)]
    return [*listed, *(name for name in present if name not in listed)]


def filled(records: Iterable[Record], columns: Collection[str], *, format_name: str = "") -> Iterator[Record]:
    """Each record with all of these columns: an empty list or an empty text where it has none, never null.

    A null in the first rows would have the loader take the whole column for one without values.
    """
    lists: dict[str, Any] = {"tools": []} if format_name == "openai_messages" else {}
    empty = {name: {**_EMPTY, **lists}.get(name, "") for name in columns}
    for record in records:
        if len(record) == len(empty):
            yield record
        else:
            yield {**empty, **record}
