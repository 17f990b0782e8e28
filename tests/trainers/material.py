"""What is put into the trainers' hands: rows, the files that we export of them, and each file broken in one way."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

SAMPLES = {
    "instructions": ("sample_instruction_data.json", "alpaca"),
    "conversations": ("sample_conversation_data.json", "sharegpt"),
    "preferences": ("sample_preference_data.json", "preference"),
    "feedback": ("sample_kto_data.json", "kto"),
}
"""Shipped sample files that become a project each, and their formats."""

_TOOL = (
    '[{"name":"weather","description":"The weather of a town.","parameters":{"type":"object","properties":'
    '{"town":{"type":"string"}},"required":["town"]}}]'
)
_TOWNS = ("Lima", "Oslo", "北京", "Quito", "Turin", "上海")
TOOLS: list[Record] = [
    {
        "conversations": [
            {"from": "human", "value": f"What is the weather in {town}?"},
            {"from": "function_call", "value": f'{{"name":"weather","arguments":{{"town":"{town}"}}}}'},
            {"from": "observation", "value": f'{{"celsius":{11 + at}}}'},
            {"from": "gpt", "value": f"It is {11 + at} degrees in {town}."},
        ],
        "tools": _TOOL,
    }
    for at, town in enumerate(_TOWNS)
]
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A PNG of one pixel."""
MEDIA: list[Record] = [
    {
        "conversations": [
            {"from": "human", "value": f"<image>What is the picture of {town}?"},
            {"from": "gpt", "value": f"A single point: {town} from very far away."},
        ],
        "images": ["point.png"],
    }
    for town in _TOWNS
]
TEXTS: list[Record] = [
    {"text": f"{town} is a town that this row tells of at some length, to have something to learn. 它是一座城市。"}
    for town in _TOWNS
]
OWN = {"tools": (TOOLS, "sharegpt"), "media": (MEDIA, "sharegpt"), "texts": (TEXTS, "text")}


def _without(name: str) -> Callable[[Record], Record]:
    return lambda record: {key: value for key, value in record.items() if key != name}


def _with(name: str, value: Any) -> Callable[[Record], Record]:
    return lambda record: record | {name: value}


def _backwards(record: Record) -> Record:
    return record | {"conversations": list(reversed(record["conversations"]))}


def _strangers(record: Record) -> Record:
    return record | {"messages": [turn | {"role": "somebody"} for turn in record["messages"]]}


@dataclass(frozen=True, slots=True)
class Case:
    """One export and what must come of it. `rows` are literals: what the trainer has to load of the sound file."""

    material: str
    format: str
    stage: str
    rows: int
    breaking: Callable[[Record], Record]
    broken: str
    media: bool = False

    @property
    def name(self) -> str:
        """Tells it from all others of the same trainer."""
        return f"{self.material}-{self.format}"


TRL_CASES = (
    Case("conversations", "trl_language_modeling_chat", "sft", 12, _with("messages", "one text"), "messages is a text"),
    Case("conversations", "openai_messages", "sft", 12, _without("messages"), "no messages"),
    Case("instructions", "trl_prompt_completion", "sft", 24, _without("completion"), "no completion"),
    Case("conversations", "trl_prompt_completion_chat", "sft", 12, _with("completion", 3), "completion is a number"),
    Case("texts", "trl_language_modeling", "sft", 6, _with("text", None), "text is null"),
    Case("preferences", "trl_preference", "dpo", 16, _without("rejected"), "no rejected"),
    Case("preferences", "trl_preference_chat", "dpo", 16, _without("chosen"), "no chosen"),
    Case("preferences", "trl_preference_implicit", "reward", 16, _without("rejected"), "no rejected"),
    Case("preferences", "trl_preference_implicit_chat", "reward", 16, _with("chosen", 1), "chosen is a number"),
    Case("feedback", "trl_unpaired", "kto", 24, _with("label", "true"), "label is a text"),
    Case("feedback", "trl_unpaired_chat", "kto", 24, _without("label"), "no label"),
)
LLAMA_FACTORY_CASES = (
    Case("instructions", "alpaca", "sft", 24, _without("output"), "no output"),
    Case("conversations", "sharegpt", "sft", 12, _backwards, "turns the wrong way round"),
    Case("conversations", "openai_messages", "sft", 12, _strangers, "unknown roles"),
    Case("conversations", "llama_factory_messages", "sft", 12, _strangers, "unknown roles"),
    Case("preferences", "llama_factory_preference", "rm", 16, _with("rejected", ["a list"]), "rejected is a list"),
    Case("preferences", "llama_factory_preference_sharegpt", "rm", 16, _with("chosen", "a text"), "chosen is a text"),
    Case("feedback", "llama_factory_kto", "kto", 24, _with("kto_tag", "true"), "the label is a text"),
    Case("feedback", "llama_factory_kto_sharegpt", "kto", 24, _with("label", "true"), "the label is a text"),
    Case("tools", "sharegpt", "sft", 6, _with("tools", "no JSON"), "tools are no JSON"),
    Case("texts", "text", "pt", 6, _without("text"), "no text"),
    Case("media", "sharegpt", "sft", 6, _without("images"), "no images", media=True),
)
