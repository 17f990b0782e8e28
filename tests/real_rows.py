"""Rows of public files as the drafts that checks read, where the files are at hand (`FDC_SHARED_DATA`)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from generation.formats import format_named
from generation.quality.rows import draft_of
from generation.types import Draft, RowError
from tests.house import ROOT

DATA = Path(os.environ.get("FDC_SHARED_DATA") or ROOT.parent / "shared" / "data")

FILES = {
    "alpaca_zh_demo.json": ("alpaca", "zh"),
    "dpo_en_demo.json": ("llama_factory_preference_sharegpt", "en"),
    "glaive_toolcall_zh_demo.json": ("sharegpt", "zh"),
    "kto_en_demo.json": ("llama_factory_kto_sharegpt", "en"),
    "mllm_demo.json": ("llama_factory_messages", ""),
    "self_instruct_seed_tasks.jsonl": ("self_instruct_seeds", "en"),
    "recorded_answers/davinci-self-instruct.jsonl": ("", "en"),
    "recorded_answers/davinci-t0-ft.jsonl": ("", "en"),
    "recorded_answers/text-davinci-002.jsonl": ("", "en"),
}
"""Each file with its format, "" for answers beside their prompts, and the language that its rows are in."""


@cache
def drafts(name: str) -> tuple[tuple[int, Draft], ...]:
    """The readable rows of a file with their numbers, the first one 1."""
    return tuple(_drafts(name))


def _drafts(name: str) -> Iterator[tuple[int, Draft]]:
    format_name, language = FILES[name]
    text = (DATA / name).read_text(encoding="utf-8")
    records = json.loads(text) if name.endswith(".json") else [json.loads(line) for line in text.split("\n") if line]
    if not format_name:
        for number, each in enumerate(records, 1):
            yield number, Draft("sample", each["instruction"], each["input"], each["response"], language=language)
        return
    for number, row in format_named(format_name).read(enumerate(records, 1)):
        if not isinstance(row, RowError):
            yield number, draft_of(row, language=language)
