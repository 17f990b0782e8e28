"""Domain records by rules: frames of people, times and aims around the terms, in the words of the samples.

They know nothing of any field; what they say is only shaped like an answer. A share of the records and replies is
spoilt on purpose, in every way that the recipe's filters know.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

_SPOILT_RECORD = 0.12
_SPOILT_REPLY = 0.1
_CLAUSE = re.compile(r"[，。！？；,.!?;:：\n]+\s*")

_FRAMES: dict[str, dict[str, list[str]]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))


def generate(variables: Mapping[str, Any], rng: random.Random) -> str:
    """A JSON list of records, now and then fenced, wrapped, short of one or with one too many."""
    words = _FRAMES[variables["language"]]
    count = int(variables["count"])
    spoilt = rng.random() < _SPOILT_REPLY
    fault = rng.choice(["nothing", "empty", "torn", "short", "long"]) if spoilt else ""
    if fault == "nothing":
        return rng.choice(words["nothing"])
    if fault == "empty":
        return "[]"
    count += {"short": -1, "long": 1}.get(fault, 0)
    rows = [_record(variables, words, rng) for _ in range(max(count, 1))]
    text = json.dumps(rows, ensure_ascii=False, indent=rng.choice([None, 1]))
    if fault == "torn":
        return text[: len(text) * 2 // 3]
    return rng.choice(["{}", "{}", "```json\n{}\n```", '{{"records": {}}}']).format(text)


def _record(variables: Mapping[str, Any], words: Mapping[str, list[str]], rng: random.Random) -> dict[str, Any]:
    sample = rng.choice(variables["rows"])
    term = rng.choice(variables["terms"])
    pick = {name: rng.choice(choices) for name, choices in words.items()}
    joint = "" if variables["language"] == "zh" else " "
    scene = joint.join([pick["who"], pick["when"], pick["aim"].format(term=term)])
    asked = pick["ask"].format(clause=_clause(sample["instruction"], pick["fallback"], rng))
    end = "。" if variables["language"] == "zh" else ". "
    scene = scene[:1].upper() + scene[1:]
    output = pick["answer"].format(term=term, answer=sample["output"].strip() or pick["reply"])
    if variables["most"]:
        output = output[: variables["most"]]
    row = {"instruction": asked if sample["input"] else f"{scene}{end}{asked}", "input": "", "output": output}
    if sample["input"]:
        row["input"] = f"{scene}{end}".strip()
    return rng.choice(_SPOILERS)(row, pick, sample) if rng.random() < _SPOILT_RECORD else row


def _clause(text: str, otherwise: str, rng: random.Random) -> str:
    """A short piece of the sample's own request."""
    pieces = [each.strip() for each in _CLAUSE.split(text) if 2 <= len(each.strip()) <= 60]
    return rng.choice([*pieces, otherwise])


_Spoiler = Callable[[dict[str, Any], Mapping[str, str], Mapping[str, str]], dict[str, Any]]
_SPOILERS: tuple[_Spoiler, ...] = (
    lambda row, pick, sample: {"instruction": row["instruction"], "answer": row["output"]},
    lambda row, pick, sample: row | {"output": [row["output"]]},
    lambda row, pick, sample: row | {"output": " "},
    lambda row, pick, sample: row | {"instruction": " "},
    lambda row, pick, sample: row | {"input": row["output"]},
    lambda row, pick, sample: row | {"output": pick["refusal"]},
    lambda row, pick, sample: row | {"output": pick["placeholder"]},
    lambda row, pick, sample: row | {"output": row["output"] + pick["long"] * 40},
    lambda row, pick, sample: row | {"instruction": pick["other"], "input": ""},
    lambda row, pick, sample: row | {"instruction": sample["instruction"], "input": ""},
    lambda row, pick, sample: row | {"instruction": row["instruction"] + "\x07"},
    lambda row, pick, sample: row | {"id": 7},
)

RULES: Mapping[str, Callable[[Mapping[str, Any], random.Random], str]] = {"domain_generation.generate": generate}
